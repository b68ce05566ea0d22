// The table that a run prints.

const whole = (value) => Math.round(value).toLocaleString('en');
const short = (value) => (value < 100 ? value.toPrecision(3) : whole(value));
const percent = (value) => `${Math.round(value * 100)} %`;

/** What the rows show of a scenario, as label, key and form. Those without a value are left out. */
const ROWS = [
  ['sends/s', 'sendsPerSecond', whole],
  ['deliveries/s', 'deliveriesPerSecond', whole],
  ['CPU µs per send', 'cpuPerSend', short],
  ['CPU µs per delivery', 'cpuPerDelivery', short],
  ['latency p50, ms', 'p50', short],
  ['latency p99, ms', 'p99', short],
];
/** These say what holds a server up: a ratio of them says nothing. */
const BUSY = [
  ["server's core busy", 'serverBusy', percent],
  ["load's core busy", 'loadBusy', percent],
];

const WIDTHS = [22, 12, 12, 8];
const line = (cells) => `  ${cells.map((cell, n) => (n === 0 ? cell.padEnd(WIDTHS[n]) : cell.padStart(WIDTHS[n]))).join('')}`.trimEnd();

/** Prints a scenario's rows: the two servers' results, and the first as a multiple of the second. */
export function scenarioTable(title, [first, second]) {
  const rows = [`\n${title}`];
  for (const [label, key, form] of ROWS) {
    if (!first[key]) continue;
    rows.push(line([label, form(first[key]), form(second[key]), (first[key] / second[key]).toFixed(2)]));
  }
  for (const [label, key, form] of BUSY) rows.push(line([label, form(first[key]), form(second[key]), '']));
  return rows.join('\n');
}

export const heading = (names) => line(['', ...names, 'ratio']);
