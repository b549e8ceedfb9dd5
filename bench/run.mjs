// `npm run bench -- <name> [--json] [--rounds 3] [--dir DIR]` runs bench/<name>.mjs and prints a table, or one object and nothing else on
// the standard output (npm's own banner aside, which `npm run -s` leaves out). Progress goes to the error output.
// A benchmark exports `run(options)`, which returns { title, rows: [{ what, value, unit, goal? }] } with medians.
import { existsSync, readdirSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

register('../test/support/ts-loader-hooks.mjs', import.meta.url);

const OPTIONS = {
  json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' }, dir: { type: 'string', default: tmpdir() },
  // What a benchmark of several parts is to run of them: its own file says what there is.
  part: { type: 'string' }, store: { type: 'string' }, events: { type: 'string' },
};
const EXIT_USAGE = 2;
/** A median of more says nothing new. */
const ROUNDS_MAX = 100;

function stopWith(sentence) {
  console.error(sentence);
  process.exit(EXIT_USAGE);
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    return stopWith(error.message.split('.')[0] + `. There are ${Object.keys(OPTIONS).map((option) => `--${option}`).join(', ')}.`);
  }
}

/** The rounds to take medians of: a whole number. */
function roundsOf(text) {
  const rounds = Number(text);
  return /^\d+$/.test(text) && rounds >= 1 && rounds <= ROUNDS_MAX ? rounds : stopWith(`--rounds takes a whole number from 1 to ${ROUNDS_MAX}, not "${text}".`);
}

/** Sizes, several with commas: which ones there are, the benchmark knows. */
function eventsOf(text) {
  return text === undefined || /^\d+(,\d+)*$/.test(text) ? text : stopWith(`--events takes whole numbers with commas between them, not "${text}".`);
}

const { values, positionals } = readArguments();
const [name = '', ...more] = positionals;
const file = new URL(`./${name}.mjs`, import.meta.url);
if (more.length > 0 || !/^[a-z-]+$/.test(name) || name === 'run' || name.includes('support') || !existsSync(fileURLToPath(file))) {
  const names = readdirSync(fileURLToPath(new URL('.', import.meta.url))).filter((each) => each.endsWith('.mjs') && !each.startsWith('run') && !each.includes('support'));
  stopWith(`Which benchmark? One of ${names.map((each) => each.slice(0, -4)).join(', ')}.`);
}
const rounds = roundsOf(values.rounds);
const events = eventsOf(values.events);
if (!existsSync(values.dir)) stopWith(`There is no directory ${values.dir} for --dir.`);

const { run } = await import(file.href);
const result = await run({ rounds, dir: values.dir, part: values.part, store: values.store, events, say: (line) => process.stderr.write(`${line}\n`) }).catch((error) => {
  // A benchmark refuses an option of its own with a message that begins with the option's name.
  if (/^--[a-z]+ /.test(error.message)) return stopWith(`${error.message}.`);
  throw error;
});
if (values.json) {
  console.log(JSON.stringify({ bench: name, node: process.version, rounds, ...result }));
} else {
  console.log(`${result.title}\n`);
  console.table(Object.fromEntries(result.rows.map(({ what, value, unit, goal }) => [what, { value, unit, goal: goal ?? '' }])));
}
process.exit(0);
