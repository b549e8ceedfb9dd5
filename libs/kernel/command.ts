import type { Role } from './event.js';

export interface CommandOptions {
  /** Method and path with parameters, below `/v1`: `POST /follow-ups/:followUpId/complete`. */
  readonly path: `${'POST' | 'PUT' | 'DELETE'} /${string}`;
  readonly roles: readonly Role[];
  /** One sentence for the OpenAPI page. */
  readonly summary: string;
  /** The command brings its aggregate into being: its id may be left out and is then derived from the command id. */
  readonly creates?: true;
}

export interface CommandSpec extends CommandOptions {
  readonly name: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly route: string;
  /** Names of the path parameters, in order. */
  readonly params: readonly string[];
}

/** Every command instance carries its name as `type`, so that deciders can switch over the union. */
export interface CommandMessage {
  readonly type: string;
}

export type CommandClass<C extends CommandMessage = CommandMessage> = new () => C;

const specs = new WeakMap<object, CommandSpec>();

/**
 * Marks a class as a command: it is the HTTP body, the bus message and the OpenAPI schema at once.
 * The class declares `declare readonly type: '<its own name>'`; the value is put on the prototype here.
 */
export function Command(options: CommandOptions) {
  return (target: CommandClass): void => {
    const [method, route] = options.path.split(' ') as ['POST' | 'PUT' | 'DELETE', string]; // the template type of `path` says so
    const params = [...route.matchAll(/:(\w+)/g)].map((match) => match[1]!);
    specs.set(target, { ...options, name: target.name, method, route, params });
    Object.defineProperty(target.prototype, 'type', { value: target.name, enumerable: false });
  };
}

export const isCommandClass = (candidate: unknown): candidate is CommandClass => typeof candidate === 'function' && specs.has(candidate);

/** The declaration of a command class. Throws when the class was never marked: a programming error. */
export function commandSpec(command: CommandClass): CommandSpec {
  const spec = specs.get(command);
  if (!spec) throw new TypeError(`${command.name} has no @Command`);
  return spec;
}

/** The fields of a command without its `type`. */
export type CommandFields<C extends CommandMessage> = Omit<C, 'type'>;

/** Builds a command in code (rules, timers, tests). Outside input goes through `parseCommand` instead. */
export const build = <C extends CommandMessage>(command: CommandClass<C>, fields: CommandFields<C>): C => Object.assign(new command(), fields);
