// SIGHUP: keys are read again at once, and nothing ends.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Server } from './harness/server.js';
import { jwk, nowSeconds, pem, signAsymmetric } from './harness/token.js';

const directory = await mkdtemp(join(tmpdir(), 'accord-hangup-'));
after(() => rm(directory, { recursive: true, force: true }));

const OLD = generateKeyPairSync('ed25519');
const NEW = generateKeyPairSync('ed25519');
const REPLACED = /keys that verify tokens were replaced/;
const UNCHANGED = /keys that verify tokens have not changed/;
const REFUSED = /keys that verify tokens could not be read again/;

/** A token that names no key: such a one has nobody look for new keys. */
const signed = (keys, id) => signAsymmetric({ alg: 'EdDSA', typ: 'JWT' }, { id, name: id, exp: nowSeconds() + 3600 }, keys.privateKey);

/** Sends SIGHUP, and waits until the log has the result. */
async function hangUp(server, outcome) {
  // What standard output has does not shift the place from which the log is read.
  const from = server.output.stderr.length;
  server.child.kill('SIGHUP');
  const said = (text) => /SIGHUP/.test(text) && outcome.test(text);
  while (!said(server.output.stderr.slice(from))) {
    assert.equal(server.child.exitCode ?? server.child.signalCode, null, 'the server goes on');
    await Promise.race([once(server.child.stderr, 'data'), server.exited]);
  }
}

/** Rotates keys under a server with connected clients; `publish` puts a text where the server reads its keys. */
async function rotate(flags, publish, text, replaced = REPLACED) {
  await publish(text(OLD));
  const server = await Server.start({ fixtures: 1, secretFlag: false, flags });
  try {
    const fixture = server.fixture();
    const connect = (keys, role) => fixture.client({ token: signed(keys, fixture.users[role].id) });
    const clients = [await connect(OLD, 'ada').connected()];
    const goOn = async () => {
      for (const client of clients) await client.ok('send_message', { content: 'Still here', channelId: fixture.general });
    };
    await hangUp(server, UNCHANGED);
    await goOn();

    await publish('nonsense');
    await hangUp(server, REFUSED);
    await hangUp(server, REFUSED);
    clients.push(await connect(OLD, 'bob').connected());
    await goOn();

    await publish(text(NEW));
    await hangUp(server, replaced);
    assert.equal(await connect(OLD, 'cyd').refused(), 'Authentication failed');
    clients.push(await connect(NEW, 'cyd').connected());
    await goOn();
  } finally {
    await server.close();
  }
}

test('keys at a URL are reloaded at once, invalid keys change nothing, and nobody is disconnected', async () => {
  let published;
  const issuer = createServer((_, response) => response.end(published)).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  try {
    const url = `http://127.0.0.1:${issuer.address().port}/jwks.json`;
    await rotate(['--jwks', url], (text) => (published = text), (keys) => JSON.stringify({ keys: [jwk(keys, 'a', 'EdDSA')] }));
  } finally {
    issuer.close();
  }
});

test('a key in a file is reloaded, an invalid key changes nothing, and nobody is disconnected', async () => {
  const file = join(directory, 'key.pem');
  // The server also notices a changed file without SIGHUP, which may come first.
  await rotate(['--jwt-key', file], (text) => writeFile(file, text), pem, /(were replaced|have not changed)/);
});

test('a server with a secret has nothing to reload, and goes on', async () => {
  const server = await Server.start({ fixtures: 1 });
  try {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    await hangUp(server, /there are no keys to read again; all settings stay as they were at start/);
    await hangUp(server, /there are no keys to read again/);
    await ada.ok('send_message', { content: 'Still here', channelId: fixture.general });
  } finally {
    await server.close();
  }
});
