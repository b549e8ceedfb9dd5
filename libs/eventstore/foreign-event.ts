import type { RecordedEvent } from '@eventstore/db-client';

/**
 * A stream of one of the engine's categories holds an event that the engine did not write: what it would decide upon
 * is not its own history.
 */
export class ForeignEvent extends Error {
  constructor({ streamId, type, revision }: Pick<RecordedEvent, 'streamId' | 'type' | 'revision'>) {
    super(
      `stream ${streamId} holds ${type} at revision ${revision}, which another application wrote; `
      + 'use another id, or have that application use another stream',
    );
  }
}
