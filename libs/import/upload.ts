import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import type { Multipart } from '@fastify/multipart';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { importProblem } from './import-problems.js';

export const MAP_BYTES_MAX = 1024 * 1024;
/** The map, the files that it may name, the data. */
const PARTS_MAX = 20;
/** Of a body that nobody will read: so much is still taken, so that the sender gets to read the answer. */
const DRAIN_BYTES_MAX = 64 * 1024 * 1024;

/** Lets the application take multipart bodies. Their files are streamed, so they have no size limit of their own. */
export async function registerImportUploads(app: NestFastifyApplication): Promise<void> {
  await app.register(multipart, { throwFileSizeLimit: true, limits: { fileSize: Number.MAX_SAFE_INTEGER, fieldSize: MAP_BYTES_MAX, files: PARTS_MAX, fields: PARTS_MAX, parts: PARTS_MAX } });
}

/** The bytes of a part, whether the sender called it a file or a field. */
export async function* bytesOf(part: Multipart): AsyncGenerator<Uint8Array> {
  if (part.type === 'field') yield Buffer.from(typeof part.value === 'string' ? part.value : JSON.stringify(part.value));
  else yield* part.file as AsyncIterable<Uint8Array>; // a byte stream hands over buffers
}

/** The map as text. @throws ProblemError when it is larger than MAP_BYTES_MAX or no UTF-8 */
export async function mapText(part: Multipart): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bytesOf(part)) {
    bytes += chunk.byteLength;
    if (bytes > MAP_BYTES_MAX) throw importProblem('import_map_invalid', { detail: `a map has at most ${MAP_BYTES_MAX / 1024} KiB` });
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw importProblem('import_map_invalid', { detail: 'the map is not UTF-8 text' });
  }
}

/** Takes what is left of a body and throws it away; a sender that does not stop is cut off. */
export function drain(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  let bytes = 0;
  request.unpipe();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > DRAIN_BYTES_MAX) request.destroy();
  });
  request.on('error', () => request.destroy());
  request.resume();
}
