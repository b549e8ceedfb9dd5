/** The histories of every run, unless PIPELEDGER_ORACLE_SEED gives another seed, or `random` for a new one each time. */
const SEED = 20_261_126;

/**
 * How an oracle's property is run. The same code gets the same verdict: the histories are long and few, so that a difference found
 * by chance would come and go with the run. `PIPELEDGER_ORACLE_SEED=random npm run jest -- test/oracle` looks further.
 * A history of hundreds of steps is not shrunk in any bearable time: the failure names its question instead.
 * @throws RangeError when the seed given is no whole number
 */
export function oracleRuns(numRuns: number): { readonly numRuns: number; readonly endOnFailure: true; readonly seed?: number } {
  const asked = process.env['PIPELEDGER_ORACLE_SEED'] ?? String(SEED);
  if (asked === 'random') return { numRuns, endOnFailure: true };
  const seed = Number(asked);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`PIPELEDGER_ORACLE_SEED must be a whole number or random, not "${asked}"`);
  return { numRuns, endOnFailure: true, seed };
}
