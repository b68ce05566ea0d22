// The tokens that servers accept, with every kind of key.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from './harness/server.js';
import { inTime, withStandstill } from './harness/times.js';
import { forge, jwk, nowSeconds, pem, signAsymmetric, unsigned } from './harness/token.js';

const FAILED = 'Authentication failed';
const directory = await mkdtemp(join(tmpdir(), 'accord-keys-'));
after(() => rm(directory, { recursive: true, force: true }));

const claims = (extra = {}) => ({ id: 'ada-0', name: 'Ada 0', exp: nowSeconds() + 3600, ...extra });

const KEYS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const OTHERS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const signed = (alg, keys, header = {}, extra = {}) => signAsymmetric({ alg, typ: 'JWT', ...header }, claims(extra), keys.privateKey);

/** Checks that the handshake and REST give the same answer. */
async function accepts(server, token, what) {
  const fixture = server.fixtures.taken[0] ?? server.fixture();
  const client = await fixture.client({ token }).connected();
  assert.equal(client.greeting.userId, 'ada-0', what);
  client.close();
  assert.equal((await server.rest(token).get('/api/channels')).status, 200, what);
}

async function refuses(server, token, what) {
  const fixture = server.fixtures.taken[0] ?? server.fixture();
  assert.equal(await fixture.client({ token }).refused(), FAILED, what);
  const { status, body } = await server.rest(token).get('/api/channels');
  assert.deepEqual([status, body], [401, { message: FAILED, code: 'auth_failed' }], what);
}

/** A server for the tests of a `describe`, started before them and stopped after them. */
function serving(options) {
  const running = { server: undefined };
  before(async () => {
    running.server = await Server.start({ fixtures: 1, ...options() });
  });
  after(() => running.server?.close());
  return running;
}

describe('a server with a shared secret', () => {
  const running = serving(() => ({}));

  test('sec_08_algorithm_allowlist a token without a signature is refused, in any spelling of `none`', async () => {
    const { server } = running;
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) await refuses(server, unsigned({ alg, typ: 'JWT' }, claims()), alg);
    const [header, payload] = server.token(claims()).split('.');
    await refuses(server, `${header}.${payload}.`, 'the signature cut off');
    await refuses(server, `${header}.${payload}`, 'two parts');
    await refuses(server, unsigned({ typ: 'JWT' }, claims()), 'no algorithm');
  });

  test('sec_08_algorithm_allowlist algorithms that are not configured are refused, even with the right secret', async () => {
    const { server } = running;
    for (const [alg, hash] of [['HS384', 'sha384'], ['HS512', 'sha512']]) {
      const input = forge({ alg, typ: 'JWT' }, claims(), server.secret).split('.').slice(0, 2).join('.');
      const signature = createHmac(hash, server.secret).update(input).digest('base64url');
      await refuses(server, `${input}.${signature}`, alg);
    }
    for (const [alg, keys] of Object.entries(KEYS)) await refuses(server, signed(alg, keys), alg);
    for (const alg of ['RS256', 'ES256', 'EdDSA', 'HS384', 'hs256', 'XX']) {
      await refuses(server, forge({ alg, typ: 'JWT' }, claims(), server.secret), `${alg}, in name alone`);
    }
  });

  test('a wrong secret, a changed payload and a changed signature are refused', async () => {
    const { server } = running;
    await refuses(server, forge({ alg: 'HS256' }, claims(), 'another secret that is quite long enough'), 'secret');
    const [header, , signature] = server.token(claims({ id: 'bob-0' })).split('.');
    const payload = Buffer.from(JSON.stringify(claims())).toString('base64url');
    await refuses(server, `${header}.${payload}.${signature}`, 'payload');
    await refuses(server, `${header}.${payload}.${'A'.repeat(43)}`, 'signature');
    await refuses(server, `${server.token(claims())}x`, 'longer');
    await refuses(server, `${server.token(claims())}.x`, 'four parts');
    await accepts(server, server.token(claims()), 'the control');
  });

  test('sec_09 keys inside a token are ignored', async () => {
    const { server } = running;
    const own = OTHERS.RS256;
    const brought = { jwk: jwk(own, 'mine', 'RS256'), jku: `${server.url}/healthz`, x5u: `${server.url}/healthz`, kid: 'mine' };
    await refuses(server, signed('RS256', own, brought), 'signed with the key that it brings');
    await refuses(server, forge({ alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from('mine').toString('base64url') } }, claims(), 'mine'), 'oct');
    await accepts(server, forge({ alg: 'HS256', typ: 'JWT', ...brought }, claims(), server.secret), 'signed with the secret');
  });

  test('sec_10 exp and nbf hold, with at most 5 s of leeway', async () => {
    const { server } = running;
    const now = nowSeconds();
    await refuses(server, server.token(claims({ exp: now - 6 })), 'expired');
    await refuses(server, server.token(claims({ exp: 1 })), 'long expired');
    await refuses(server, server.token(claims({ nbf: now + 60 })), 'not valid yet');
    await accepts(server, server.token(claims({ nbf: now - 1 })), 'valid since a second');
    await accepts(server, server.token(claims({ exp: now + 100_000_000 })), 'valid for years');
  });

  test('the header Authorization carries a token only as a bearer', async () => {
    const { server } = running;
    const token = server.token(claims());
    const get = (headers) => server.rest().get('/api/channels', { headers });
    assert.equal((await get({ authorization: `Bearer ${token}` })).status, 200);
    assert.equal((await get({ authorization: `bearer ${token}` })).status, 200);
    for (const authorization of [token, `Basic ${token}`, 'Bearer', 'Bearer ', `Bearer ${token}x`]) {
      assert.equal((await get({ authorization })).status, 401, authorization.slice(0, 20));
    }
    const { status, body } = await server.rest().get('/api/channels');
    assert.deepEqual([status, body], [401, { message: 'Authentication token required', code: 'auth_required' }]);
  });

  const FIRST_SECONDS = 3;

  test('a new token keeps the open connection alive until that token expires', async () => {
    const { server } = running;
    const fixture = server.fixtures.taken[0] ?? server.fixture();
    const witness = await fixture.client({ token: server.token(claims({ id: 'bob-0' })) }).connected();
    await inTime(FIRST_SECONDS, async (seconds, by) => {
      const exp = nowSeconds() + seconds;
      const later = exp + seconds;
      const client = fixture.client({ token: server.token(claims({ exp })) });
      await by(exp, async () => {
        await client.connected();
        assert.equal(client.greeting.expiresAt, new Date(exp * 1000).toISOString());
        await client.ok('join_channel', { channelId: 'general-0' });
        await client.saw([['joined_channel', { channelId: 'general-0' }]]);
        const renewal = { userId: 'ada-0', expiresAt: new Date(later * 1000).toISOString() };
        assert.deepEqual(await client.ok('authenticate', { token: server.token(claims({ exp: later })) }), renewal);
      });
      await by(later, async () => {
        await pause(exp * 1000 + 1000 - Date.now());
        const sent = await client.ok('send_message', { content: 'past the first end', channelId: 'general-0' });
        await client.saw([['new_message', sent]], 'who is authenticated is not greeted again, and keeps its rooms');
      });
      const ends = async () => {
        assert.deepEqual(await client.next('error'), { message: FAILED, code: 'token_expired' });
        await client.disconnected();
        return Date.now() - later * 1000;
      };
      const [late, standstill] = await withStandstill(witness, ends());
      assert.ok(late >= 0 && late <= 2000 + standstill, `ended ${late} ms after the second token's end; the machine stood still for ${standstill} ms`);
    });
    witness.close();
  });

  test('sec_13 a new token of another user, or an invalid one, changes nothing', async () => {
    const { server } = running;
    const fixture = server.fixtures.taken[0] ?? server.fixture();
    await inTime(FIRST_SECONDS, async (seconds, by) => {
      const exp = nowSeconds() + seconds;
      const client = fixture.client({ token: server.token(claims({ exp })) });
      const now = nowSeconds();
      await by(exp, async () => {
        await client.connected();
        for (const [what, token] of Object.entries({
          'another user': server.token(claims({ id: 'bob-0' })),
          'an administrator': server.token(claims({ id: 'root', admin: true })),
          'another secret': forge({ alg: 'HS256' }, claims(), 'another secret that is quite long enough'),
          expired: server.token(claims({ exp: now - 10 })),
          'not valid yet': server.token(claims({ nbf: now + 60 })),
          'no signature': unsigned({ alg: 'none', typ: 'JWT' }, claims()),
          'no user': server.token(claims({ id: undefined })),
          nonsense: 'nonsense',
          empty: '',
        })) {
          const refused = { message: FAILED, code: 'auth_failed', event: 'authenticate' };
          assert.deepEqual(await client.fails('authenticate', { token }), refused, what);
          assert.deepEqual(await client.errs('authenticate', { token }), refused, what);
        }
        for (const payload of [{}, { token: null }, { token: 7 }, { token: 'x'.repeat(16_385) }]) {
          const { code, details } = await client.fails('authenticate', payload);
          assert.deepEqual([code, details.map(({ path }) => path)], ['invalid_payload', ['/token']]);
        }
        await client.saw([]);
      });
      assert.deepEqual(await client.next('error'), { message: FAILED, code: 'token_expired' }, 'the old one counts on');
      await client.disconnected();
    });
  });

  test('sec_15 a renewed token appears in neither the log nor an error', async () => {
    const { server } = running;
    const fixture = server.fixtures.taken[0] ?? server.fixture();
    const good = server.token(claims());
    const bad = forge({ alg: 'HS256' }, claims(), 'another secret that is quite long enough');
    const client = await fixture.client({ token: good }).connected();
    await client.ok('authenticate', { token: good });
    for (const payload of [{ token: bad }, { token: [good] }, { tokens: good }, good]) {
      const error = await client.fails('authenticate', payload);
      assert.doesNotMatch(JSON.stringify(error), /eyJ/);
    }
    client.close();
    for (const token of [good, bad]) for (const part of token.split('.')) assert.ok(!server.log.includes(part));
  });

  test('sec_15 tokens never appear in the log', async () => {
    const { server } = running;
    const fixture = server.fixtures.taken[0] ?? server.fixture();
    const good = server.token(claims());
    const bad = forge({ alg: 'HS256' }, claims(), 'another secret that is quite long enough');
    await (await fixture.client({ auth: undefined, query: { token: good } }).connected()).settle();
    await fixture.client({ auth: undefined, query: { token: bad } }).refused();
    await server.rest(bad).get(`/api/channels?token=${bad}`);
    const metrics = (await server.rest().get('/metrics')).bytes.toString();
    for (const token of [good, bad, server.secret]) {
      for (const part of token.split('.').slice(-2)) {
        assert.ok(!server.log.includes(part), 'in the log');
        assert.ok(!metrics.includes(part), 'in the metrics');
      }
    }
  });
});

for (const [alg, keys] of Object.entries(KEYS)) {
  describe(`a server with a public key for ${alg}`, () => {
    const file = join(directory, `${alg}.pem`);
    before(() => writeFile(file, pem(keys)));
    const running = serving(() => ({ secretFlag: false, flags: ['--jwt-key', file] }));

    test(`tokens signed with the private key are accepted, and others refused`, async () => {
      const { server } = running;
      await accepts(server, signed(alg, keys), 'the right key');
      await refuses(server, signed(alg, OTHERS[alg]), 'another key');
      await refuses(server, signed(alg, keys, {}, { exp: nowSeconds() - 10 }), 'expired');
    });

    test('sec_08_algorithm_allowlist the public key is not accepted as a shared secret, nor a token without a signature', async () => {
      const { server } = running;
      const { publicKey } = keys;
      const der = publicKey.export({ type: 'spki', format: 'der' });
      for (const secret of [pem(keys), pem(keys).trim(), der, der.toString('base64'), '']) {
        await refuses(server, forge({ alg: 'HS256', typ: 'JWT' }, claims(), secret), 'HS256 with the public key');
      }
      await refuses(server, unsigned({ alg: 'none', typ: 'JWT' }, claims()), 'none');
      for (const [other, otherKeys] of Object.entries(OTHERS)) await refuses(server, signed(other, otherKeys), other);
    });
  });
}

describe('a server with a key set', () => {
  const file = join(directory, 'keys.json');
  const keys = [jwk(KEYS.RS256, 'rsa', 'RS256'), jwk(KEYS.ES256, 'ec', 'ES256')];
  before(() => writeFile(file, JSON.stringify({ keys })));
  const running = serving(() => ({ secretFlag: false, flags: ['--jwks', file] }));

  test('a token is verified with the key that it names', async () => {
    const { server } = running;
    await accepts(server, signed('RS256', KEYS.RS256, { kid: 'rsa' }), 'rsa');
    await accepts(server, signed('ES256', KEYS.ES256, { kid: 'ec' }), 'ec');
    await refuses(server, signed('RS256', OTHERS.RS256, { kid: 'rsa' }), 'another key under the name');
    await refuses(server, signed('RS256', KEYS.RS256, { kid: 'ec' }), 'under the name of another');
    await refuses(server, signed('EdDSA', KEYS.EdDSA, { kid: 'ed' }), 'an unknown name');
    await refuses(server, forge({ alg: 'HS256', kid: 'rsa' }, claims(), pem(KEYS.RS256)), 'HS256');
    await refuses(server, unsigned({ alg: 'none', kid: 'rsa' }, claims()), 'none');
  });

  test('a new key is accepted at its first use', async () => {
    const { server } = running;
    await writeFile(file, JSON.stringify({ keys: [...keys, jwk(KEYS.EdDSA, 'ed', 'EdDSA')] }));
    await accepts(server, signed('EdDSA', KEYS.EdDSA, { kid: 'ed' }), 'the added key');
  });
});

describe('a server with a key set at an address', () => {
  let keys = [jwk(KEYS.EdDSA, 'one', 'EdDSA')];
  let fetched = 0;
  const issuer = createServer((_, response) => {
    fetched += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys }));
  });
  before(async () => {
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
  });
  const address = () => `http://127.0.0.1:${issuer.address().port}/jwks.json`;
  const running = serving(() => ({ secretFlag: false, flags: ['--jwks', address()] }));
  after(() => {
    issuer.closeAllConnections();
    issuer.close();
  });

  test('keys are rotated without a restart, and work at their first use', async () => {
    const { server } = running;
    await accepts(server, signed('EdDSA', KEYS.EdDSA, { kid: 'one' }), 'the first key');
    keys = [jwk(OTHERS.EdDSA, 'two', 'EdDSA')];
    const rotated = signed('EdDSA', OTHERS.EdDSA, { kid: 'two' });
    await accepts(server, rotated, 'the second key');
    await refuses(server, signed('EdDSA', KEYS.EdDSA, { kid: 'one' }), 'the first key, withdrawn');
  });

  test('the server asks the issuer at most once in 5 s, whatever clients send', async () => {
    const { server } = running;
    const [began, before] = [performance.now(), fetched];
    const ask = async (kid) => (await server.rest(signed('EdDSA', KEYS.EdDSA, { kid })).get('/api/channels')).status;
    const statuses = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(`unknown-${n}`)));
    assert.ok(statuses.every((status) => status === 401), statuses.join());
    const most = 2 + Math.ceil((performance.now() - began) / 5000);
    assert.ok(fetched - before <= most, `it was asked ${fetched - before} times, ${most} are the most`);
  });
});

describe('a server with an issuer and an audience', () => {
  const iss = 'https://issuer.example';
  const aud = 'accord';
  const running = serving(() => ({ claims: { iss, aud }, flags: ['--jwt-issuer', iss, '--jwt-audience', aud] }));

  test('sec_11 tokens must name both', async () => {
    const { server } = running;
    await accepts(server, server.token(claims({ iss, aud })), 'both');
    await accepts(server, server.token(claims({ iss, aud: ['other', 'accord'] })), 'among others');
    for (const [wrong, what] of [
      [{ iss: undefined, aud: undefined }, 'neither'],
      [{ iss, aud: undefined }, 'no audience'],
      [{ iss: undefined, aud }, 'no issuer'],
      [{ iss: 'https://other.example', aud }, 'another issuer'],
      [{ iss, aud: 'other' }, 'another audience'],
      [{ iss, aud: [] }, 'an empty audience'],
      [{ iss: `${iss}/`, aud }, 'nearly the issuer'],
    ]) {
      await refuses(server, server.token(claims(wrong)), what);
    }
  });

  test('without them, the server warns at its start that they are not checked', async () => {
    const open = await Server.start({ fixtures: 1 });
    try {
      await open.logged(/iss/);
      await open.logged(/aud/);
    } finally {
      await open.close();
    }
  });
});
