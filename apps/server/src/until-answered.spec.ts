import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailable } from '../../../libs/eventstore/unavailable.js';
import { NotAnsweredError, untilAnswered, type WaitedFor } from './until-answered.js';

const slow: WaitedFor = { name: 'The embedded event store', mayCome: () => true, waitMsMax: 60_000, advice: 'look at the machine.' };
const silent = (): never => {
  throw new EventStoreUnavailable('the event store does not answer');
};

describe('waiting for the event store at the start', () => {
  it('goes on while it may still come', async () => {
    let asked = 0;
    const work = async (): Promise<string> => {
      asked += 1;
      return asked < 4 ? silent() : 'there';
    };
    await expect(untilAnswered(slow, work, () => undefined)).resolves.toBe('there');
  });

  it('ends with a sentence that names what was waited for once it cannot come', async () => {
    let asked = 0;
    const work = async (): Promise<never> => {
      asked += 1;
      return silent();
    };
    const waiting = untilAnswered({ ...slow, mayCome: () => asked < 3 }, work, () => undefined);
    await expect(waiting).rejects.toThrow(NotAnsweredError);
    await expect(waiting).rejects.toThrow(/^The embedded event store did not answer within \d+ s \(.*\): look at the machine\.$/);
  });

  it('does not hide what else is wrong', () =>
    expect(untilAnswered(slow, () => Promise.reject(new TypeError('oops')), () => undefined)).rejects.toThrow('oops'));
});
