/** Where a command writes, and what it may know of its surroundings. Tests bring their own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether somebody looks at the error output as it is written: then a progress bar may move. */
  readonly errIsTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
}

/** All went as asked, but some of what was handed in was refused. */
export const EXIT_REFUSED = 1;
/** Nothing could be done as asked: wrong use, no connection, or the engine went away. */
export const EXIT_USAGE = 2;

/** An end that a sentence explains; no trace helps whoever reads it. */
export class CliError extends Error {}

export const thousands = (count: number): string => count.toLocaleString('en');
