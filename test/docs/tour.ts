/** One command of a tutorial and the output it shows. */
export interface Step {
  readonly command: string;
  readonly shown: string;
}

/** The steps of the ```console blocks below a heading, in their order: a line that starts with `$ ` and what follows it. */
export function stepsBelow(markdown: string, heading: string): Step[] {
  const from = markdown.indexOf(`\n## ${heading}\n`);
  if (from < 0) throw new Error(`no heading "${heading}"`);
  const next = markdown.indexOf('\n## ', from + 1);
  const section = markdown.slice(from, next < 0 ? undefined : next);
  return [...section.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) => stepsOf(block!));
}

function stepsOf(block: string): Step[] {
  const steps: { command: string; shown: string }[] = [];
  for (const line of block.split('\n')) {
    const last = steps.at(-1);
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), shown: '' });
    else if (last && last.command.endsWith('\\') && last.shown === '') last.command = `${last.command.slice(0, -1)}${line.trim()}`;
    else if (last) last.shown += `${line}\n`;
  }
  return steps.map(({ command, shown }) => ({ command, shown: shown.trim() }));
}

/** What differs from one run to the next: identifiers, moments, positions, ages. Everything else must be as shown. */
export const settled = (output: string): string =>
  output
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, '<moment>')
    .replace(/"(position|lagMs)": ?\d+/g, '"$1":<number>')
    .replace(/follow_up_missed\|[^"]*/g, '<deadline>')
    .trim();
