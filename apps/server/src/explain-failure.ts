import { EventStoreUnavailable, KeysUnavailable } from '../../../libs/eventstore/unavailable.js';
import { ReadStoreError } from '../../../libs/readstore/sql.js';
import { ConfigError } from './config.js';

/** Errors of the embedded stores whose message is a sentence for whoever runs the engine; a child process passes on the name alone. */
const TOLD_IN_A_SENTENCE =
  /Locked|^LogDamagedError$|^DataDirectoryError$|^KeyStoreError$|^NotAnsweredError$|^UnknownLogError$/;

/** Why the engine could not start: one sentence for what a person can mend; a stack only for what we must. */
export function explainFailure(error: unknown, port: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || TOLD_IN_A_SENTENCE.test(error.name)) return error.message;
  if (error instanceof KeysUnavailable) return `The keys of personal data cannot be read or written: ${error.message}`;
  if (error instanceof EventStoreUnavailable) return `The event store does not answer (${error.message}).`;
  if (error instanceof ReadStoreError && error.kind === 'unavailable') return `The read store does not answer (${error.message}): is the one at DATABASE_URL running, and may this user connect?`;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what listens there, or set PORT to another one.`;
  if (code === 'EACCES') return `${error.message}: no permission.`;
  return error.stack ?? error.message;
}
