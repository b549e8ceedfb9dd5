import type { CommandMessage } from '../kernel/command.js';
import type { Intent } from '../eventstore/intent.js';

/** What goes with a command over the bus. */
export interface CommandEnvelope extends Omit<Intent, 'command'> {
  readonly expectedRevision?: number;
}

const ENVELOPE = Symbol('envelope');

/** Puts the envelope on the command, where neither validation nor JSON sees it. */
export function withEnvelope<C extends CommandMessage>(command: C, envelope: CommandEnvelope): C {
  Object.defineProperty(command, ENVELOPE, { value: envelope, enumerable: false });
  return command;
}

/** The envelope of a command that came over the bus. Throws where there is none: a programming error. */
export function envelopeOf(command: CommandMessage): CommandEnvelope {
  const envelope: unknown = Reflect.get(command, ENVELOPE);
  if (typeof envelope !== 'object' || envelope === null) throw new TypeError(`${command.type} was sent without an envelope`);
  return envelope as CommandEnvelope; // only withEnvelope sets this symbol
}
