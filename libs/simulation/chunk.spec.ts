import { describe, expect, it } from '@jest/globals';
import { ChunkBuilder } from './chunk.js';

const AT = '2026-03-02T09:00:00.000Z';
let commands = 0;

/** A command in a stream whose decision looked at others. */
function add(chunk: ChunkBuilder, stream: string, ...reads: string[]): boolean {
  const intent = { command: { type: 'Do' }, commandId: `c${(commands += 1)}`, actor: { id: 'sim-ada', role: 'coordinator' as const }, occurredAt: AT };
  return chunk.add({ stream, isNew: false, events: [], reads: new Set(reads) }, intent, []);
}

describe('a chunk of virtual time', () => {
  it('has all commands about one aggregate together, in their order', () => {
    const chunk = new ChunkBuilder();
    for (const stream of ['lead-1', 'lead-2', 'lead-1']) add(chunk, stream);
    const { groups, intents } = chunk.take();
    expect(groups.map(({ stream, intents: { length } }) => [stream, length])).toEqual([['lead-1', 2], ['lead-2', 1]]);
    expect(intents).toBe(3);
    expect(chunk.intents).toBe(0);
  });

  it('puts what others rest on before them', () => {
    const chunk = new ChunkBuilder();
    add(chunk, 'followUp-1');
    add(chunk, 'lead-1');
    add(chunk, 'followUp-1', 'lead-1', 'member-elsewhere');
    const { groups } = chunk.take();
    expect(groups.map(({ stream }) => stream)).toEqual(['lead-1', 'followUp-1']);
    expect(groups[1]!.after).toEqual([groups[0]]);
  });

  it('ends before a command for which two aggregates would each have to go first', () => {
    const chunk = new ChunkBuilder();
    add(chunk, 'deal-1');
    expect(add(chunk, 'contract-1', 'deal-1')).toBe(true);
    expect(add(chunk, 'case-1', 'contract-1')).toBe(true);
    expect(add(chunk, 'deal-1', 'case-1')).toBe(false);
    expect(chunk.take().intents).toBe(3);
    expect(add(chunk, 'deal-1', 'case-1')).toBe(true);
  });

  it('tells what was refused', () => {
    const chunk = new ChunkBuilder();
    chunk.refuse({ command: 'Do', stream: 'lead-1', code: 'no' }, Date.parse(AT));
    expect(chunk.take()).toMatchObject({ groups: [], refused: [{ code: 'no' }], fromMs: Date.parse(AT) });
    expect(chunk.take().refused).toEqual([]);
  });
});
