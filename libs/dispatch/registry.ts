import { commandSpec, type CommandClass, type CommandSpec } from '../kernel/command.js';
import type { AnyContext } from '../kernel/context.js';

export interface Registered {
  readonly context: AnyContext;
  readonly command: CommandClass;
  readonly spec: CommandSpec;
}

/** All commands by name. Two contexts with a command of the same name are a programming error. */
export class CommandRegistry {
  readonly #byName = new Map<string, Registered>();

  constructor(readonly contexts: readonly AnyContext[]) {
    for (const context of contexts) {
      for (const command of context.commands as readonly CommandClass[]) { // AnyContext forgets that its commands are command classes
        const spec = commandSpec(command);
        if (this.#byName.has(spec.name)) throw new TypeError(`two commands are called ${spec.name}`);
        this.#byName.set(spec.name, { context, command, spec });
      }
    }
  }

  find(name: string): Registered | undefined {
    return this.#byName.get(name);
  }

  all(): readonly Registered[] {
    return [...this.#byName.values()];
  }
}
