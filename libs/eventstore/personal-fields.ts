import { FORGOTTEN, type EventSpec } from '../kernel/event.js';
import type { KeyRing } from '../personal-data/key-ring.js';
import { isSealed, seal, unseal } from '../personal-data/seal.js';

type Data = Readonly<Record<string, unknown>>;

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a dotted path. */
function at(data: Data, path: readonly string[]): unknown {
  return path.reduce((value: unknown, name) => (isData(value) ? value[name] : undefined), data);
}

/** The same data with another value at a path; undefined takes it away. */
function withAt(data: Data, [name, ...rest]: readonly string[], value: unknown): Data {
  if (name === undefined) return data;
  const { [name]: before, ...others } = data;
  const after = rest.length === 0 ? value : isData(before) ? withAt(before, rest, value) : before;
  return after === undefined ? others : { ...others, [name]: after };
}

/** Replaces each personal value that there is. */
function replaced(spec: EventSpec, data: Data, replace: (value: unknown, path: string) => unknown): Data {
  return spec.personal.reduce((result, path) => {
    const names = path.split('.');
    const value = at(result, names);
    return value === undefined ? result : withAt(result, names, replace(value, path));
  }, data);
}

const gone = (spec: EventSpec, path: string): string | undefined => (spec.personalAlways?.includes(path) ? FORGOTTEN : undefined);

/** The person whose personal data an event holds; undefined where it holds none. */
export function subjectOf(spec: EventSpec, data: Data): string | undefined {
  if (spec.personal.length === 0 || spec.personalSubject === undefined) return undefined;
  const subject = data[spec.personalSubject];
  return typeof subject === 'string' && spec.personal.some((path) => at(data, path.split('.')) !== undefined) ? subject : undefined;
}

/** The same of a stored event: undefined where nothing in it is sealed. */
export function sealedSubjectOf(spec: EventSpec, data: Data): string | undefined {
  const subject = subjectOf(spec, data);
  return subject !== undefined && spec.personal.some((path) => isSealed(at(data, path.split('.')))) ? subject : undefined;
}

/** The data as it goes into the log: each personal value sealed for its place in this event, or left out where the person is forgotten. */
export function sealed(keys: KeyRing, spec: EventSpec, data: Data, eventId: string): Data {
  const subject = subjectOf(spec, data);
  if (subject === undefined) return data;
  const key = keys.keyOf(subject);
  return replaced(spec, data, (value, path) => (key === null ? gone(spec, path) : seal(key, `${eventId} ${path}`, value)));
}

/** The data as the program reads it. Without keys, and where the person is forgotten, what was sealed is gone. @throws SealBroken */
export function unsealed(keys: KeyRing | undefined, spec: EventSpec, data: Data, eventId: string): Data {
  const subject = sealedSubjectOf(spec, data);
  if (subject === undefined) return data;
  const key = keys?.keyOf(subject) ?? null;
  return replaced(spec, data, (value, path) => (!isSealed(value) ? value : key === null ? gone(spec, path) : unseal(key, `${eventId} ${path}`, value)));
}
