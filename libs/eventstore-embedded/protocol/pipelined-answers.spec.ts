import { describe, expect, it } from '@jest/globals';

import { pipelineAnswers } from './pipelined-answers.js';

const UNDERWAY_BYTES_MAX = 128 * 1024;
const KIB = Buffer.alloc(1024);

type InterceptedCall = Parameters<typeof pipelineAnswers>[1];

describe('answers on their way to the socket', () => {
  /** A call whose socket takes an answer only when the test says so. */
  function callUnderTest() {
    const underway: { answer: unknown; hasLeft: () => void }[] = [];
    const socket = {
      sendMetadata: () => undefined,
      sendMessage: (answer: unknown, hasLeft: () => void) => void underway.push({ answer, hasLeft }),
    };
    // The interceptor uses nothing else of grpc-js's call, and no method descriptor.
    const call = pipelineAnswers({} as never, socket as unknown as InterceptedCall);
    let proceeded = 0;
    return {
      underway,
      proceeded: () => proceeded,
      send: (answer: unknown) => call.sendMessage(answer, () => void proceeded++),
      leave: (count: number) => underway.splice(0, count).forEach(({ hasLeft }) => hasLeft()),
    };
  }

  it('follow one another at once, up to a limit, in their order', () => {
    const call = callUnderTest();
    const fitting = UNDERWAY_BYTES_MAX / KIB.length - 1;
    for (let count = 1; count <= fitting; count++) {
      call.send(KIB.fill(count));
      expect(call.proceeded()).toBe(count);
    }
    const last = Buffer.alloc(1024);
    call.send(last);
    expect(call.proceeded()).toBe(fitting);
    expect(call.underway).toHaveLength(fitting + 1);
    expect(call.underway.at(-1)?.answer).toBe(last);
  });

  it('go on once, as soon as there is room again', () => {
    const call = callUnderTest();
    call.send(Buffer.alloc(UNDERWAY_BYTES_MAX / 2));
    call.send(Buffer.alloc(UNDERWAY_BYTES_MAX));
    expect(call.proceeded()).toBe(1);
    call.leave(1);
    expect(call.proceeded()).toBe(1);
    call.leave(1);
    expect(call.proceeded()).toBe(2);
    call.send(KIB);
    call.leave(1);
    expect(call.proceeded()).toBe(3);
  });

  it('larger than the limit wait for themselves alone', () => {
    const call = callUnderTest();
    for (let count = 1; count <= 3; count++) {
      call.send(Buffer.alloc(4 * UNDERWAY_BYTES_MAX));
      expect(call.underway).toHaveLength(1);
      call.leave(1);
      expect(call.proceeded()).toBe(count);
    }
  });

  it('of calls with a single answer are not counted', () => {
    const call = callUnderTest();
    for (let count = 1; count <= 3; count++) {
      call.send({ anything: 'but bytes' });
      expect(call.proceeded()).toBe(count);
    }
  });
});
