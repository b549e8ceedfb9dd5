import type { CommandMessage } from '../kernel/command.js';
import type { Actor, Instant, Recorded } from '../kernel/event.js';
import type { RefusalCatalog, RefusalKind } from '../kernel/refusal.js';
import type { StoredMetadata } from './codec.js';
import type { EngineEvent } from './engine-events.js';
import { commandHash } from './event-ids.js';

/**
 * Where a command id that comes again is looked for.
 * `anywhere`: an idempotency key, chosen by its caller, stands for one command whatever record that is about;
 * `in_stream`: the sender derives the id from what the command follows from (a row of a file, an event), so its stream is enough;
 * `never`: nobody can send it again, or sent again it finds nothing to do by its own content (a deadline that has passed).
 */
export type Repeats = 'anywhere' | 'in_stream' | 'never';

/** A command with all that goes into its events' metadata. */
export interface Intent {
  readonly command: CommandMessage;
  readonly commandId: string;
  readonly actor: Actor;
  /** Left out: now. */
  readonly occurredAt?: Instant;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** Left out: `in_stream`. */
  readonly repeats?: Repeats;
}

export interface Refusal {
  readonly code: string;
  readonly kind: RefusalKind;
  readonly title: string;
  readonly detail?: string;
}

export type Refused = { readonly accepted: false; readonly refusal: Refusal };

export type Outcome =
  | {
      readonly accepted: true;
      readonly id: string;
      readonly stream: string;
      /** Revision and log position of the last event that these commands wrote, or of the stream where they wrote none. */
      readonly revision: number;
      readonly position: number;
      /** What happened in the business: empty where there was nothing to do. */
      readonly events: readonly { readonly id: string; readonly type: string }[];
      /** These commands had been carried out before; nothing was written now. */
      readonly replayed: boolean;
    }
  | Refused;

/** What can be wrong with the history that a command rests on: no repetition mends it, other records are not concerned. */
export type HistoryRefusal = 'history_unreadable' | 'foreign_stream';

export type LedgerRefusal =
  | 'command_id_reused'
  | 'occurred_in_future'
  | 'revision_conflict'
  | 'too_much_contention'
  | HistoryRefusal;

/** Refusals that any command can meet, whatever its context refuses besides. */
export const ledgerRefusals: RefusalCatalog<LedgerRefusal> = {
  command_id_reused: { kind: 'conflict', title: 'This command id was already used for another command.' },
  occurred_in_future: { kind: 'invalid', title: 'Something cannot have happened after now.' },
  revision_conflict: { kind: 'conflict', title: 'The record has changed since the revision you named.' },
  too_much_contention: { kind: 'conflict', title: 'Others kept changing the record; try again.' },
  history_unreadable: {
    kind: 'conflict',
    title: 'The history of this record holds an event that this version of the engine cannot read.',
  },
  foreign_stream: { kind: 'conflict', title: 'Another application has written into the stream of this record.' },
};

export const refusedBy = <R extends string>(catalog: RefusalCatalog<R>, code: R, detail?: string): Refused => ({
  accepted: false,
  refusal: { code, ...catalog[code], ...(detail !== undefined && { detail }) },
});

export const refused = (code: LedgerRefusal, detail: string): Refused => refusedBy(ledgerRefusals, code, detail);

/** Two callers may choose the same key: theirs are two. The engine's own senders derive ids that need no such scope. */
export const scopedCommandId = ({ commandId, actor, repeats }: Intent): string =>
  repeats === 'anywhere' ? `${actor.id}\n${commandId}` : commandId;

/** Whether an event says what became of this very sender's command of this id. */
export const isOf = ({ commandId, actor, repeats }: Intent, event: Recorded): boolean =>
  event.commandId === commandId &&
  event.type !== ('DecisionGuarded' satisfies EngineEvent['type']) &&
  (repeats !== 'anywhere' || event.actor.id === actor.id);

/** Fingerprint of what the intent says, whoever sends it. */
export const hashOf = ({ command, occurredAt }: Intent): string => commandHash(command, occurredAt);

/** What goes beside each event that the intent leads to. */
export const metadataOf = (intent: Intent, occurredAt: Instant): Omit<StoredMetadata, 'schemaVersion'> => ({
  $correlationId: intent.correlationId ?? intent.commandId,
  $causationId: intent.causationId ?? intent.commandId,
  actor: intent.actor,
  occurredAt,
  commandId: intent.commandId,
  commandHash: hashOf(intent),
});
