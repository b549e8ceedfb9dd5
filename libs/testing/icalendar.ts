/** A line of an iCalendar file: `DTSTART;TZID=Europe/Zurich:20260329T100000`. */
export interface ContentLine {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface Component {
  readonly name: string;
  readonly lines: readonly ContentLine[];
  readonly components: readonly Component[];
}

const OCTETS_MAX = 75;

/** The lines of a file, unfolded. @throws where a line does not end as it must, is too long, or holds a control character */
export function unfolded(file: string): string[] {
  if (!file.endsWith('\r\n')) throw new Error('the last line does not end');
  const lines = file.slice(0, -2).split('\r\n');
  for (const line of lines) {
    if (Buffer.byteLength(line) > OCTETS_MAX) throw new Error(`${Buffer.byteLength(line)} octets in a line: ${line}`);
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) throw new Error(`a control character in ${JSON.stringify(line)}`);
  }
  return lines.join('\r\n').replace(/\r\n[ \t]/g, '').split('\r\n');
}

function contentLine(line: string): ContentLine {
  const match = /^([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$/s.exec(line);
  if (!match) throw new Error(`no content line: ${line}`);
  const [, name, parameters, value] = match as unknown as [string, string, string, string]; // three groups
  return { name, value, parameters: Object.fromEntries(parameters.split(';').filter((each) => each !== '').map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)])) };
}

/** The calendar that a file holds (RFC 5545, 3.4). @throws where it is none */
export function parseCalendar(file: string): Component {
  interface Open { readonly name: string; readonly lines: ContentLine[]; readonly components: Component[] }
  const open: Open[] = [{ name: '', lines: [], components: [] }];
  for (const line of unfolded(file).map(contentLine)) {
    const inner = open.at(-1)!;
    if (line.name === 'BEGIN') open.push({ name: line.value, lines: [], components: [] });
    else if (line.name !== 'END') inner.lines.push(line);
    else if (inner.name !== line.value) throw new Error(`${line.value} ends within ${inner.name}`);
    else open.at(-2)!.components.push(open.pop()!);
  }
  const [calendar, ...more] = open[0]!.components;
  if (!calendar || calendar.name !== 'VCALENDAR' || more.length > 0 || open.length > 1) throw new Error('not one VCALENDAR');
  return calendar;
}

export const componentsOf = (parent: Component, name: string): readonly Component[] => parent.components.filter((each) => each.name === name);

/** The value of a component's property; a text unescaped. undefined where it has none. @throws where it has two */
export function valueOf(component: Component, name: string): string | undefined {
  const found = component.lines.filter((line) => line.name === name);
  if (found.length > 1) throw new Error(`${found.length} lines of ${name}`);
  return found[0]?.value.replace(/\\([\\;,nN])/g, (_, escaped: string) => (escaped.toLowerCase() === 'n' ? '\n' : escaped));
}
