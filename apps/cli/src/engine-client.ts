import { CliError, type Terminal } from './terminal.js';

export const URL_OPTION = ['--url <url>', 'the running engine (default: $PIPELEDGER_URL, else http://127.0.0.1:3000)'] as const;

export const engineUrl = (given: string | undefined, terminal: Terminal): string => given ?? terminal.env['PIPELEDGER_URL'] ?? 'http://127.0.0.1:3000';

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a problem says, as lines: the sentence, then each offending field. */
function problemText(status: number, body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return `The engine answered ${status}.`;
  }
  if (!isRecord(parsed) || typeof parsed['title'] !== 'string') return `The engine answered ${status}.`;
  const { title, detail, errors } = parsed;
  const fields = Array.isArray(errors) ? errors.filter(isRecord).map(({ message }) => `  ${String(message)}`) : [];
  return [typeof detail === 'string' ? `${title} (${detail})` : title, ...fields].join('\n');
}

export interface EngineRequest {
  readonly method?: 'GET' | 'POST';
  /** Below the engine's address, its parts encoded: `v1/projections`. */
  readonly path: string;
  readonly body?: object;
  /** Says that whoever asked does not want it any more. */
  readonly signal?: AbortSignal;
}

/** Asks a running engine. @throws CliError in a sentence: no address, nobody answers, or the engine refuses */
async function ask(base: string, { method = 'GET', path, body, signal }: EngineRequest): Promise<Response> {
  const root = base.endsWith('/') ? base : `${base}/`;
  if (!/^https?:/.test(base) || !URL.canParse(path, root)) throw new CliError(`${base} is no address such as http://127.0.0.1:3000.`);
  const url = new URL(path, root);
  const response = await fetch(url, { method, ...(signal && { signal }), ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) })
    .catch((error: unknown) => { throw new CliError(`The engine does not answer at ${url.origin}: start it with npm start, or name another with --url.`, { cause: error }); });
  if (!response.ok) throw new CliError(problemText(response.status, await response.text()));
  return response;
}

/** @throws CliError in a sentence */
export async function askEngine(base: string, request: EngineRequest): Promise<unknown> {
  const response = await ask(base, request);
  return response.json().catch((error: unknown) => { throw new CliError(`What answers at ${base} is no Pipeledger engine.`, { cause: error }); });
}

/** What the engine tells while it works, one object a line; ends when whoever asked does not want it any more. `goOn` says what to do when it goes away before the end. @throws CliError in a sentence */
export async function* toldByEngine(base: string, request: EngineRequest & { readonly signal: AbortSignal }, goOn: string): AsyncGenerator<unknown> {
  const response = await ask(base, request).catch((error: unknown) => {
    if (!request.signal.aborted) throw error;
  });
  if (!response) return; // nobody waits for it
  let pending = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) { // an answer of 200 has a body
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as unknown;
    }
  } catch (error) {
    if (request.signal.aborted) return; // whoever aborted knows
    throw new CliError(`The engine went away before the end (${error instanceof Error ? error.message : String(error)}). ${goOn}`, { cause: error });
  }
}
