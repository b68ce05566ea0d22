// The description of a protocol, and sockets at a mock of it.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import { accord } from './accord.js';
import { Client } from './client.js';

export const CHAT = fileURLToPath(new URL('../../../schema/chat.yaml', import.meta.url));
export const WHITEBOARD = fileURLToPath(new URL('../../whiteboard/history/1.0.0/whiteboard.yaml', import.meta.url));

/**
 * A payload without the position to join from, because the example's position is not valid in the mock's own log; and
 * without the id that would make it a repetition.
 */
function fresh(payload, idempotent) {
  if (payload === undefined) return payload;
  const { since, [idempotent]: _, ...others } = payload;
  return others;
}

/** The content of a protocol's description: its client events, and a validator of each message and answer. */
export class Protocol {
  static async of(schema) {
    const protocol = new Protocol();
    protocol.document = JSON.parse(await accord('gen', 'asyncapi', schema));
    protocol.ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    protocol.ajv.addSchema(protocol.document, 'protocol');
    return protocol;
  }

  /** The client events. Those that renew a token have one of Alice's. */
  get events() {
    const { operations, components } = this.document;
    const received = Object.entries(operations).filter(([, { action }]) => action === 'receive');
    return received.map(([event, operation]) => ({
      event,
      payload: this.handingIn(operation['x-accord-renews']) ?? fresh(components.messages[event].examples?.[0].payload, operation['x-accord-idempotent']),
      room: operation['x-accord-room'],
      emits: operation['x-accord-emits'] ?? [],
    }));
  }

  handingIn(field) {
    return field === undefined ? undefined : { [field]: this.token };
  }

  /** Whether a value is a valid payload of a message. */
  holds(message, value) {
    if (this.document.components.messages[message].payload === undefined) return assert.equal(value, null);
    const pointer = `protocol#/components/messages/${message.replaceAll('/', '~1')}/payload`;
    const valid = this.ajv.validate({ $ref: pointer }, value);
    assert.ok(valid, `${message}: ${JSON.stringify(value)}\n${this.ajv.errorsText()}`);
  }

  /** The rooms that a payload names: those of the scopes' keys, and of further keys. */
  async join(client, payload) {
    for (const { event, room, payload: example } of this.events) {
      if (room !== 'join') continue;
      const [key] = Object.keys(example);
      const others = Object.values(this.document.operations).flatMap((operation) => operation['x-accord-also'] ?? []);
      const keys = [key, ...others.map((also) => also.key)];
      for (const id of new Set(keys.map((name) => payload?.[name]).filter((id) => id !== undefined))) {
        await client.ok(event, { [key]: id });
      }
    }
  }
}

/** Connects a user to a mock, and waits for the greeting. */
export async function enter(t, mock, greeting, user = 'alice') {
  const client = new Client(mock, { token: await mock.token(user), numbered: true });
  t.after(() => client.close());
  client.socket.connect();
  client.greeting = await client.next(greeting);
  return client;
}
