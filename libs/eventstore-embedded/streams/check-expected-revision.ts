export type ExpectedRevision = number | 'any' | 'no_stream' | 'stream_exists';

/** What the rules need to know of the stream, appends that are still on their way to the disk included. */
export type StreamView = {
  /** -1 without events. */
  lastRevision: number;
  isTombstoned: boolean;
  isSoftDeleted: boolean;
  hasMetadata: boolean;
  hasIdAt(revision: number, id: Buffer): boolean;
  /** The revision of this id, if the newest event with this id is in this stream. */
  revisionOfId(id: Buffer): number | undefined;
};

export type AppendDecision =
  | { kind: 'write' }
  /** The very same events are already there: the append was repeated. */
  | { kind: 'repeat'; lastRevision: number }
  | { kind: 'wrong' }
  | { kind: 'deleted' };

const WRITE: AppendDecision = { kind: 'write' };
const WRONG: AppendDecision = { kind: 'wrong' };

/**
 * Whether an append may happen, by EventStoreDB's rules. With an exact revision a repeat is recognised event by event
 * at the very revisions it would have had; with `any` by the ids alone. A batch of which only a part is known is wrong
 * in both cases, except that with `any` an unknown *first* event means that all is new.
 */
export function checkExpectedRevision(stream: StreamView, expected: ExpectedRevision, ids: Buffer[]): AppendDecision {
  if (stream.isTombstoned) return { kind: 'deleted' };
  if (expected === 'stream_exists') {
    if (stream.isSoftDeleted) return { kind: 'deleted' };
    if (stream.lastRevision < 0 && !stream.hasMetadata) return WRONG;
  }
  if (expected === 'any' || expected === 'stream_exists') return checkIds(stream, ids);
  return checkRevisions(stream, expected, ids);
}

function checkIds(stream: StreamView, ids: Buffer[]): AppendDecision {
  let lastRevision: number | undefined;
  for (const [index, id] of ids.entries()) {
    lastRevision = stream.revisionOfId(id);
    if (lastRevision === undefined) return index === 0 ? WRITE : WRONG;
  }
  return lastRevision === undefined ? WRITE : { kind: 'repeat', lastRevision };
}

function checkRevisions(stream: StreamView, expected: number | 'no_stream', ids: Buffer[]): AppendDecision {
  const before = expected === 'no_stream' ? -1 : expected;
  if (before === stream.lastRevision) return WRITE;
  if (before > stream.lastRevision || ids.length === 0) return WRONG;

  const known = ids.findIndex((id, index) => !stream.hasIdAt(before + 1 + index, id));
  if (known === -1) return { kind: 'repeat', lastRevision: before + ids.length };
  return known === 0 && expected === 'no_stream' && stream.isSoftDeleted ? WRITE : WRONG;
}
