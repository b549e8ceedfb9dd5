import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** What `npm start` gives Node to keep memory small: a measurement of the engine, or of a part of it, runs with the same. */
export const ENGINE_FLAGS = scripts.start.match(/--(?:heap|max-semi)\S+/g);
