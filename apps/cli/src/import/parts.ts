import { open, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createReadStream } from 'node:fs';
import { parse } from 'yaml';
import { CliError } from '../terminal.js';

/** A file that goes with the request. */
export interface FilePart {
  readonly name: string;
  readonly path: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isFile(), () => false);
}

/** Where each file is that the map names. Whether the map is right is for the engine to say: here it only has to be found. */
function namedFiles(map: string): readonly (readonly [name: string, path: string])[] {
  let parsed: unknown;
  try {
    parsed = parse(map);
  } catch {
    return []; // the engine names the line
  }
  const files: unknown = isRecord(parsed) ? parsed['files'] : undefined;
  if (!isRecord(files)) return [];
  return Object.entries(files).map(([name, file]) => {
    const path: unknown = isRecord(file) ? file['path'] : file;
    return [name, typeof path === 'string' ? path : name] as const;
  });
}

async function findNamed(name: string, path: string, beside: readonly string[]): Promise<string> {
  for (const directory of beside) {
    const candidate = resolve(directory, path);
    if (await isFile(candidate)) return candidate;
  }
  throw new CliError(`The map names a file ${name} (${path}), which is neither beside the CSV file nor beside the map: give it with --lookup ${name}=FILE.`);
}

/** The parts in the order in which the engine reads them: the map, the files that it names, the data. @throws CliError naming a file that is not there */
export async function importParts(file: string, map: string, lookups: ReadonlyMap<string, string>): Promise<readonly FilePart[]> {
  for (const path of [map, file, ...lookups.values()]) if (!(await isFile(path))) throw new CliError(`There is no file ${path}.`);
  const named = namedFiles(await readFile(map, 'utf8'));
  const unknown = [...lookups.keys()].find((name) => !named.some(([known]) => known === name));
  if (unknown !== undefined) throw new CliError(`The map names no file ${unknown}; it names ${named.map(([name]) => name).join(', ') || 'none'}.`);
  const beside: FilePart[] = [];
  for (const [name, path] of named) beside.push({ name, path: lookups.get(name) ?? (await findNamed(name, path, [dirname(file), dirname(map)])) });
  const parts = [{ name: 'map', path: map }, ...beside, { name: 'data', path: file }];
  for (const { path } of parts) await (await open(path).catch((error: Error) => { throw new CliError(`${path} cannot be read: ${error.message}.`); })).close();
  return parts;
}

/** A multipart body, read from the files as it is sent. */
export async function* multipartBody(boundary: string, parts: readonly FilePart[]): AsyncGenerator<Buffer> {
  for (const { name, path } of parts) {
    yield Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${basename(path).replaceAll(/["\r\n]/g, '_')}"\r\ncontent-type: application/octet-stream\r\n\r\n`);
    yield* createReadStream(path) as AsyncIterable<Buffer>; // without an encoding it hands over buffers
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

/** Beside the CSV file, or in the current directory where that cannot be written to. */
export const rejectPaths = (file: string): readonly string[] => [`${file}.rejects.csv`, join(process.cwd(), `${basename(file)}.rejects.csv`)];
