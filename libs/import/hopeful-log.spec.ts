import { describe, expect, it } from '@jest/globals';
import { contexts } from '../domain/contexts.js';
import { AddMember, SetCapacity } from '../domain/member/commands.js';
import { CommandRegistry } from '../dispatch/registry.js';
import { Codec, type EncodedEvent } from '../eventstore/codec.js';
import { EventLog, StreamMoved } from '../eventstore/event-log.js';
import { FactsReader } from '../eventstore/stream-reader.js';
import type { Intent } from '../eventstore/transact.js';
import { build, type CommandMessage } from '../kernel/command.js';
import type { Recorded } from '../kernel/event.js';
import { HopefulLedger } from './hopeful-log.js';

/** A log in memory that counts its reads and, as the event store does, takes events it has for a repetition. */
class MemoryLog extends EventLog {
  readonly streams = new Map<string, Recorded[]>();
  reads = 0;
  #position = 0;

  constructor() {
    // Nothing here reaches for the client.
    super(undefined as never, new Codec(contexts));
  }

  override async read(stream: string) {
    this.reads += 1;
    return [...(this.streams.get(stream) ?? [])];
  }

  override async head() {
    return this.#position;
  }

  override async append(stream: string, afterRevision: number, events: EncodedEvent[]) {
    const known = this.streams.get(stream) ?? [];
    const again = known[afterRevision + 1]?.id === events[0]?.id ? known.at(-1) : undefined;
    if (again) return { revision: again.revision, position: again.position };
    if (known.length !== afterRevision + 1) throw new StreamMoved(stream);
    const added = events.map((event, index) => {
      this.#position += 10;
      // The codec's own shape, as it would be read back.
      return { ...event, ...(event.metadata as object), stream, revision: afterRevision + 1 + index, position: this.#position } as unknown as Recorded;
    });
    this.streams.set(stream, [...known, ...added]);
    return { revision: afterRevision + events.length, position: this.#position };
  }
}

const intent = (command: CommandMessage, commandId: string): Intent => ({ command, commandId, actor: { id: 'ada', role: 'admin' }, occurredAt: '2026-01-01T00:00:00.000Z' });
const add = (memberId: string, name = memberId) => intent(build(AddMember, { memberId, name, role: 'executive', zone: 'UTC' }), `add ${memberId}`);
const capacity = (memberId: string) => intent(build(SetCapacity, { memberId, openItemsMax: 5 }), `capacity ${memberId}`);

async function ledgerOn(log: MemoryLog) {
  const ledger = { log, facts: new FactsReader(log), now: () => '2026-03-01T00:00:00.000Z' };
  return HopefulLedger.on(ledger, new CommandRegistry(contexts));
}

describe('an import onto a log', () => {
  it('stops asking whether records exist once the first did not', async () => {
    const log = new MemoryLog();
    const { execute } = await ledgerOn(log);
    for (const id of ['a', 'b', 'c', 'd']) expect(await execute([add(id)])).toMatchObject({ accepted: true, replayed: false });
    expect(log.reads).toBe(1);
    expect(log.streams.size).toBe(4);
  });

  it('notices a record that is there after all, and what it says', async () => {
    const log = new MemoryLog();
    const { execute } = await ledgerOn(log);
    await execute([add('a')]);
    await execute([add('b')]);
    expect(await execute([add('b')])).toMatchObject({ accepted: true, replayed: true });
    await execute([add('c')]);
    await execute([add('d')]);
    expect(await execute([add('b', 'Someone else')])).toMatchObject({ accepted: false, refusal: { code: 'command_id_reused' } });
    expect(log.streams.get('member-b')).toHaveLength(1);
  });

  it('notices what an earlier run wrote', async () => {
    const log = new MemoryLog();
    const first = await ledgerOn(log);
    for (const id of ['a', 'b', 'c']) await first.execute([add(id)]);
    const second = await ledgerOn(log);
    await second.execute([add('new')]);
    for (const id of ['a', 'b', 'c']) expect(await second.execute([add(id)])).toMatchObject({ accepted: true, replayed: true });
    expect(await second.execute([add('c'), capacity('c')])).toMatchObject({ accepted: true, replayed: false, revision: 1 });
  });

  it('does not refuse for the lack of a record that it only hoped was not there', async () => {
    const log = new MemoryLog();
    const { execute } = await ledgerOn(log);
    for (const id of ['a', 'b']) await execute([add(id)]);
    expect(await execute([capacity('a')])).toMatchObject({ accepted: true, events: [{ type: 'CapacitySet' }] });
    expect(await execute([capacity('nobody')])).toMatchObject({ accepted: false, refusal: { code: 'member_not_found' } });
  });
});
