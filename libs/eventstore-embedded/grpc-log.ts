import { format } from 'node:util';

import { setLogger } from '@grpc/grpc-js';

/** grpc-js says this of a port that it could not have, and throws; the error becomes a sentence of ours. */
const SAID_BETTER = /^No address added out of total \d+ resolved$/;

/** For a process that is the event store's own: what grpc-js logs goes where it always does, except what we say better. */
export function quietGrpcLog(): void {
  const to = (letter: string) => (message?: unknown, ...more: unknown[]) => {
    if (typeof message !== 'string' || !SAID_BETTER.test(message)) process.stderr.write(`${letter} ${format(message, ...more)}\n`);
  };
  setLogger({ error: to('E'), info: to('I'), debug: to('D') });
}
