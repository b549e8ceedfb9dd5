import { EventStoreUnavailable, KeysUnavailable } from '../../../libs/eventstore/unavailable.js';
import { ReadStoreError } from '../../../libs/readstore/sql.js';
import { ConfigError, type ServerConfig } from './config.js';

/** Errors of the embedded stores whose message is a sentence for whoever runs the engine; a child process passes on the name alone. */
const TOLD_IN_A_SENTENCE =
  /Locked|^LogDamagedError$|^DataDirectoryError$|^KeyStoreError$|^UnknownLogError$/;

const EMBEDDED_IS_SLOW = 'This process starts it itself: give the machine time or memory, then start again.';

/**
 * Why the engine could not start: one sentence for what a person can mend; a stack only for what we must.
 * @param config which stores were waited for: those at its URLs, or the embedded ones
 */
export function explainFailure(
  error: unknown, port: number, config: Pick<ServerConfig, 'eventStoreUrl' | 'databaseUrl'> = {},
): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || TOLD_IN_A_SENTENCE.test(error.name)) return error.message;
  if (error instanceof KeysUnavailable) return `The keys of personal data cannot be read or written: ${error.message}`;
  if (error instanceof EventStoreUnavailable) {
    return config.eventStoreUrl
      ? 'The event store does not answer: is the one at ESDB_URL running?'
      : `The embedded event store does not answer. ${EMBEDDED_IS_SLOW}`;
  }
  if (error instanceof ReadStoreError && error.kind === 'unavailable') {
    const says = `does not answer (${error.message})`;
    return config.databaseUrl
      ? `The read store ${says}: is the one at DATABASE_URL running, and may this user connect?`
      : `The embedded read store (PGlite) ${says}. ${EMBEDDED_IS_SLOW}`;
  }
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what listens there, or set PORT to another one.`;
  if (code === 'EACCES') return `${error.message}: no permission.`;
  return error.stack ?? error.message;
}
