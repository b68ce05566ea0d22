// Measures Accord's server beside a Node.js server of the same protocol, and prints a table. README.md says how to read it.
import { install } from './install.js';

try {
  await install();
  // It imports packages that may have been missing until now.
  const { compare } = await import('./compare.js');
  await compare(Number(process.env.BENCH_SECONDS ?? 10), process.argv.slice(2));
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
