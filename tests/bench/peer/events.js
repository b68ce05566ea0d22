// The common parts of all events: the check of the payload, the acknowledgement, and errors.
import { checks, violations } from './payloads.js';

/** A failure that the protocol documents. */
export class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Answers an event by a handler, which returns the acknowledged data, or throws a `Failure`. */
export function handle(socket, event, type, handler) {
  const isValid = checks[type];
  socket.on(event, (payload, acknowledge) => {
    try {
      if (!isValid(payload)) return fail({ message: 'Invalid message data', code: 'invalid_payload', details: violations(isValid) });
      handler(payload, (data) => acknowledge?.({ ok: true, data }));
    } catch (error) {
      if (error instanceof Failure) return fail({ message: error.message, code: error.code });
      console.error(error);
      fail({ message: 'Internal error', code: 'internal' });
    }

    function fail({ message, code, details }) {
      const error = { message, code, event, details, channelId: payload?.channelId };
      if (acknowledge) acknowledge({ ok: false, error });
      else socket.emit('error', error);
    }
  });
}
