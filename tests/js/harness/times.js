// Times that have to be kept, on machines that stand still now and then.
import { setTimeout as pause } from 'node:timers/promises';

/** The longest that a step may take, in seconds. */
const LONGEST = 60;

/** The pause between two looks at the machine. */
const LOOK_MS = 20;

/**
 * Carries out `act`, steps of which have to end before a token expires: `by(time, step)` carries out a step that has to
 * be over by a time in seconds since 1970. A machine on which a step was late is given twice as many seconds; whatever
 * fails in time has failed. `act` gets the number of seconds and `by`.
 */
export async function inTime(seconds, act) {
  for (let given = seconds; ; given *= 2) {
    let isLate = false;
    const by = async (time, step) => {
      const outcome = await step().then((value) => ({ value }), (error) => ({ error }));
      isLate = Date.now() >= time * 1000;
      if (isLate || 'error' in outcome) throw outcome.error ?? new Error(`a step took longer than ${given} s`);
      return outcome.value;
    };
    try {
      return await act(given, by);
    } catch (error) {
      if (!isLate || given >= LONGEST) throw error;
    }
  }
}

/**
 * Waits for something, and returns it together with the longest time in ms for which the machine has stood still meanwhile:
 * for which a client that pings all the time has had no answer.
 */
export async function withStandstill(client, waiting) {
  let isOver = false;
  const over = waiting.finally(() => (isOver = true));
  over.catch(() => {});
  let longest = 0;
  let last = performance.now();
  while (!isOver) {
    await client.settle();
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    await Promise.race([pause(LOOK_MS), over.catch(() => {})]);
  }
  return [await over, Math.max(longest, performance.now() - last)];
}
