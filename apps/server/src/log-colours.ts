/**
 * Whether log lines may be coloured: on a terminal alone, since a file keeps the codes. NO_COLOR turns colours off and
 * FORCE_COLOR on, in that order; set to nothing, neither says anything.
 */
export function coloursWanted(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  return forced ? forced !== '0' && forced !== 'false' : isTerminal;
}
