import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportReport } from '../../../../libs/import/report.js';
import { CliError } from '../terminal.js';
import { multipartBody, type FilePart } from './parts.js';

const RESUME = 'Run the same command again to go on: what is in is not written twice.';
const PROBLEM_BYTES_MAX = 1024 * 1024;

/** The engine refused the import as a whole; nothing was written. */
export class ImportRefused extends CliError {}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function importUrl(base: string, query: Readonly<Record<string, string>>): URL {
  let url: URL;
  try {
    url = new URL('v1/imports', base.endsWith('/') ? base : `${base}/`);
  } catch {
    throw new CliError(`${base} is no address such as http://127.0.0.1:3000.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new CliError(`${base} is no address such as http://127.0.0.1:3000.`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** What a problem says, as lines: the sentence, then each offending place. */
function problemText(status: number, body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return `The engine answered ${status}.`;
  }
  if (!isRecord(parsed)) return `The engine answered ${status}.`;
  const { title, detail, errors } = parsed;
  const places = Array.isArray(errors) ? errors.filter(isRecord).map(({ field, message }) => `  ${typeof field === 'string' && field !== '' ? `${field}: ` : ''}${String(message)}`) : [];
  return [typeof detail === 'string' ? `${String(title)} ${detail}` : String(title), ...places].join('\n');
}

async function bodyText(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) { // setEncoding says so
    text += chunk;
    if (text.length > PROBLEM_BYTES_MAX) break;
  }
  return text;
}

async function* reportsOf(response: IncomingMessage): AsyncGenerator<ImportReport> {
  let pending = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) { // setEncoding says so
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as ImportReport; // the engine's own report, by its version
  }
}

/**
 * Sends the parts and yields what the engine tells while it reads them.
 * @throws CliError, in a sentence: nobody answers, the engine refuses the import, or it went away before the end
 */
export async function* sendImport(base: string, parts: readonly FilePart[], query: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>): AsyncGenerator<ImportReport> {
  const url = importUrl(base, query);
  const boundary = `pipeledger-${randomUUID()}`;
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method: 'POST', headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` } });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject); // later ones change nothing, but must have someone who listens
  });
  // Whether all was sent shows in the answer; the engine may stop reading before the end.
  const sending = pipeline(Readable.from(multipartBody(boundary, parts), { objectMode: false }), request).catch(() => undefined);
  let ended = false;
  try {
    const response = await answered;
    if (response.statusCode !== 200) throw new ImportRefused(problemText(response.statusCode ?? 0, await bodyText(response)));
    for await (const report of reportsOf(response)) {
      ended ||= report.kind === 'summary' || report.kind === 'failed';
      yield report;
    }
    if (!ended) throw new CliError(`The engine went away before the end. ${RESUME}`);
  } catch (error) {
    if (error instanceof CliError || ended) throw error;
    const code: unknown = isRecord(error) ? error['code'] : undefined;
    if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH' || code === 'ETIMEDOUT') throw new CliError(`The engine does not answer at ${url.origin}: start it with npm start, or name another with --url.`, { cause: error });
    throw new CliError(`The engine went away before the end (${error instanceof Error ? error.message : String(error)}). ${RESUME}`, { cause: error });
  } finally {
    request.destroy();
    await sending;
  }
}
