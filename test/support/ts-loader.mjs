// Lets a plain Node process import this repository's TypeScript: `node --import ./test/support/ts-loader.mjs file.ts`.
// Jest transforms for itself; this is for the processes that tests and benchmarks start.
import { register } from 'node:module';

register('./ts-loader-hooks.mjs', import.meta.url);
