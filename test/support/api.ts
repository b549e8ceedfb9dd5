import { randomUUID } from 'node:crypto';
import request, { type Response } from 'supertest';
import type { EngineEvent } from '../../libs/eventstore/engine-events.js';
import type { EventLog } from '../../libs/eventstore/event-log.js';
import { disconnectEventStore } from '../../libs/eventstore/connect.js';
import { commandSpec, type CommandClass } from '../../libs/kernel/command.js';
import type { KeyRing } from '../../libs/personal-data/key-ring.js';
import { startApi } from './engine.js';
import { testEventStore } from './event-store.js';

/** What the engine writes around a command, whatever that writes itself. */
const UNSEEN: ReadonlySet<string> = new Set<EngineEvent['type']>(['CommandKeyClaimed', 'CommandKeyReleased', 'DecisionGuarded']);

/** One command as a scenario tells it: which, and what it says. `occurredAt` left out: now. */
export interface Step {
  readonly command: CommandClass;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly occurredAt?: string;
}

export type Headers = Readonly<Record<string, string>>;

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
}

/** A raw request: `body` text or bytes go as they are, anything else as JSON; left out, none is sent. */
export interface RawRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Headers;
}

export interface TestApi {
  readonly url: string;
  readonly log: EventLog;
  /** Sends a command the way a client does: what its route names goes into the address, the rest into the body. */
  readonly send: (step: Step, headers?: Headers) => Promise<Sent>;
  readonly raw: (raw: RawRequest) => Promise<Sent>;
  /** Carries out commands that must succeed, in order. @throws when one does not, naming it */
  readonly carryOut: (steps: readonly Step[]) => Promise<void>;
  /** The types of the events that this suite has written after a position, claims of keys and guards of decisions apart; on a store of its own, all of them. */
  readonly writtenAfter: (position: number) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Method, address and body of a step. */
export function requestOf({ command, fields, occurredAt }: Step): Required<Omit<RawRequest, 'headers'>> {
  const { method, route, params } = commandSpec(command);
  const path = params.reduce((address, name) => address.replace(`:${name}`, encodeURIComponent(String(fields[name]))), `/v1${route}`);
  const body = Object.fromEntries(Object.entries({ ...fields, ...(occurredAt && { occurredAt }) }).filter(([name]) => !params.includes(name)));
  return { method, path, body };
}

/** A role that may send the command. */
export const aRoleFor = (command: CommandClass): string => commandSpec(command).roles[0]!;

/** What a field of an answer is; undefined where the answer is no object or lacks it. */
export const fieldOf = (body: unknown, name: string): unknown => (typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined);

/** Sends a request as it is, follows no redirect, and takes any answer. */
export async function sendRaw(url: string, { method, path, body, headers }: RawRequest): Promise<Sent> {
  const sending = request(url)[methodOf(method)](path).set(headers ?? {}).redirects(0);
  if (body !== undefined && headers?.['Content-Type'] === undefined) void sending.set('Content-Type', 'application/json');
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return sentOf(await sending.serialize((asIs: unknown) => asIs as string).ok(() => true).send(text)); // superagent's type knows no bytes; it sends them as they are
}

/** The API on a free port over an event store of its own (or the one at ESDB_URL), with these keys or without any. A suite opens one and closes it. */
export async function openTestApi(keys?: KeyRing): Promise<TestApi> {
  const store = await testEventStore();
  const { app, log } = await startApi(store.url, keys);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  /** Tells this suite's events from those that others write into the same store meanwhile. */
  const actor = `suite-${randomUUID()}`;
  const isShared = process.env['ESDB_URL'] !== undefined;

  const raw = ({ headers, ...asked }: RawRequest): Promise<Sent> => sendRaw(url, { ...asked, headers: { 'Pipeledger-Actor': actor, ...headers } });
  const send: TestApi['send'] = (step, headers) => raw({ ...requestOf(step), headers: { 'Pipeledger-Role': aRoleFor(step.command), ...headers } });

  return {
    url, log, raw, send,
    carryOut: async (steps) => {
      for (const step of steps) {
        const { status, body } = await send(step);
        if (status >= 300) throw new Error(`${step.command.name} ${JSON.stringify(step.fields)} answered ${status}: ${JSON.stringify(body)}`);
      }
    },
    writtenAfter: async (position) => {
      if ((await log.head()) === position) return [];
      const types: string[] = [];
      const from = position < 0 ? 'start' : { commit: BigInt(position), prepare: BigInt(position) };
      for await (const { event } of log.client.readAll({ fromPosition: from })) {
        if (!event || Number(event.position?.commit ?? -1n) <= position) continue;
        if (UNSEEN.has(event.type)) continue;
        if (!isShared || fieldOf(fieldOf(event.metadata, 'actor'), 'id') === actor) types.push(event.type);
      }
      return types;
    },
    close: async () => {
      await app.close();
      await disconnectEventStore();
      await store.stop();
    },
  };
}

const methodOf = (method: RawRequest['method']) => method.toLowerCase() as Lowercase<RawRequest['method']>; // lower case of a known word

function sentOf({ status, headers, text, type }: Response): Sent {
  return { status, headers, text: text ?? '', body: /json$/.test(type) && text !== '' ? (JSON.parse(text) as unknown) : undefined };
}
