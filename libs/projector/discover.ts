import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyProjection } from '../kernel/projection.js';
import type { AnyReport } from '../kernel/report.js';
import { checkNames } from './names.js';

export interface Discovered {
  readonly projections: readonly AnyProjection[];
  readonly reports: readonly AnyReport[];
}

/** Tests run the sources, the program runs what was compiled from them. */
const ENDINGS = ['.js', '.ts'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isProjection = (value: unknown): value is AnyProjection => isObject(value) && 'evolve' in value && 'rows' in value && 'tables' in value;
const isReport = (value: unknown): value is AnyReport => isObject(value) && 'run' in value && 'figures' in value && 'params' in value;

async function load(directory: string, name: string, part: string): Promise<unknown[]> {
  const file = ENDINGS.map((ending) => join(directory, name, `${name}.${part}${ending}`)).find((path) => existsSync(path));
  if (!file) return [];
  const loaded: unknown = await import(pathToFileURL(file).href);
  return isObject(loaded) ? Object.values(loaded) : [];
}

/**
 * Finds projections and reports by their place: `<directory>/<name>/<name>.projection` and `<name>.report` export them,
 * under any name. Throws TypeError at a folder that holds neither, and at two of the same name.
 */
export async function discoverProjections(directory: string): Promise<Discovered> {
  const projections: AnyProjection[] = [];
  const reports: AnyReport[] = [];
  const folders = existsSync(directory) ? readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort() : [];
  for (const name of folders) {
    const found = (await load(directory, name, 'projection')).filter(isProjection);
    const said = (await load(directory, name, 'report')).filter(isReport);
    if (found.length + said.length === 0) throw new TypeError(`projections/${name} holds neither ${name}.projection nor ${name}.report`);
    found.forEach(checkNames);
    projections.push(...found);
    reports.push(...said);
  }
  for (const list of [projections, reports]) {
    const names = list.map((each: { name: string }) => each.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new TypeError(`two projections or reports are named ${twice}`);
  }
  return { projections, reports };
}
