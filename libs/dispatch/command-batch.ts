import type { Intent } from '../eventstore/intent.js';

/** Commands about one aggregate, carried out together or not at all: a row of an import, a rule's answer. */
export class CommandBatch {
  constructor(readonly intents: readonly Intent[]) {}
}
