// Bursts of events, as rate limits are tested with them. A bucket is refilled while the machine does something else, so the
// number of accepted events follows from the time that was measured, and a bucket is empty only when the server has said so.
import assert from 'node:assert/strict';

/** The bursts after which a limit that has refused nothing counts as missing: not even the slowest machine refills a bucket so often. */
const MOST_BURSTS = 20;

/** Sends `count` events at once, and returns the answers and the time they took. */
export async function burst(client, count, event = 'ping', ...args) {
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: count }, () => client.ack(event, ...args)));
  return { answers, seconds: (performance.now() - began) / 1000 };
}

/** Whether an answer refuses an event for its rate. */
export const isLimited = ({ ok, error }) => !ok && error.retryAfterMs !== undefined;

/**
 * Sends bursts of `count` events until the last event of one is refused: the bucket is empty then. Returns all answers, the
 * time they took, the time `emptySince` at which the last burst began, and the error of the last event.
 */
export async function exhaust(client, count, event = 'ping', ...args) {
  const began = performance.now();
  const answers = [];
  for (let round = 0; round < MOST_BURSTS; round += 1) {
    const emptySince = performance.now();
    answers.push(...(await burst(client, count, event, ...args)).answers);
    const last = answers.at(-1);
    if (isLimited(last)) return { answers, seconds: (performance.now() - began) / 1000, emptySince, error: last.error };
  }
  return assert.fail(`the last event of none of ${MOST_BURSTS} bursts was refused`);
}
