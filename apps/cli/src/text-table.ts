/** Lines of text in columns, each as wide as its widest cell. Numbers are given as text and stand to the right. */
export function textTable(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const isNumber = header.map((_, column) => lines.length > 0 && lines.every((line) => /^(-|[-\d,.+]+( s)?)$/.test(line[column] ?? '')));
  const written = [header, ...lines].map((line) => widths.map((width, column) => (isNumber[column] ? (line[column] ?? '').padStart(width) : (line[column] ?? '').padEnd(width))).join('  ').trimEnd());
  return `${written.join('\n')}\n`;
}
