// `npm run bench -- <name> [--json] [--rounds 3] [--dir DIR]` runs bench/<name>.mjs and prints a table, or one object.
// A benchmark exports `run(options)`, which returns { title, rows: [{ what, value, unit, goal? }] } with medians.
import { existsSync, readdirSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

register('../test/support/ts-loader-hooks.mjs', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' }, dir: { type: 'string', default: tmpdir() },
    // What a benchmark of several parts is to run of them: its own file says what there is.
    part: { type: 'string' }, store: { type: 'string' }, events: { type: 'string' },
  },
});
const [name = ''] = positionals;
const file = new URL(`./${name}.mjs`, import.meta.url);
if (!/^[a-z-]+$/.test(name) || name === 'run' || !existsSync(fileURLToPath(file))) {
  const names = readdirSync(fileURLToPath(new URL('.', import.meta.url))).filter((each) => each.endsWith('.mjs') && !each.startsWith('run') && !each.includes('support'));
  console.error(`Which benchmark? ${names.map((each) => each.slice(0, -4)).join(', ')}`);
  process.exit(1);
}

const { run } = await import(file.href);
const result = await run({ rounds: Number(values.rounds), dir: values.dir, part: values.part, store: values.store, events: values.events, say: (line) => process.stderr.write(`${line}\n`) });
if (values.json) {
  console.log(JSON.stringify({ bench: name, node: process.version, rounds: Number(values.rounds), ...result }));
} else {
  console.log(`${result.title}\n`);
  console.table(Object.fromEntries(result.rows.map(({ what, value, unit, goal }) => [what, { value, unit, goal: goal ?? '' }])));
}
process.exit(0);
