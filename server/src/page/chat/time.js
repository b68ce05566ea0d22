// Times in words.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const startOfDay = (time) => new Date(new Date(time).setHours(0, 0, 0, 0));

export const clock = (time) => CLOCK.format(new Date(time));
export const full = (time) => FULL.format(new Date(time));
export const isSameDay = (a, b) => startOfDay(a).getTime() === startOfDay(b).getTime();

/** `Today`, `Yesterday`, or the date. */
export function day(time) {
  const ago = Math.round((startOfDay(Date.now()) - startOfDay(time)) / 86_400_000);
  if (ago > 1) return DAY.format(new Date(time));
  const said = RELATIVE.format(-ago, 'day');
  return said[0].toUpperCase() + said.slice(1);
}

/** A duration until then, in whole seconds. */
export const secondsUntil = (time) => Math.max(1, Math.ceil((time - Date.now()) / 1000));
