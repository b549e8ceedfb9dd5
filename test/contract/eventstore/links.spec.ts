import { expect, it } from '@jest/globals';
import { binaryEvent, type ResolvedEvent } from '@eventstore/db-client';

import { collect, numbered, take } from './events.js';
import { describeContract, newStream } from './servers.js';

describeContract('links written by a client', (server) => {
  const linkTo = (stream: string, revision: number) => binaryEvent({ type: '$>', data: Buffer.from(`${revision}@${stream}`) });

  async function linkedStream(): Promise<{ links: string; original: string }> {
    const [original, links] = [newStream(), newStream()];
    await server.client.appendToStream(original, numbered(3));
    await server.client.appendToStream(links, [linkTo(original, 2), linkTo(original, 0)]);
    return { links, original };
  }
  const seen = (events: ResolvedEvent[]) => events.map(({ event, link }) => [event?.streamId, event?.revision, link?.revision]);

  it('are followed when asked for', async () => {
    const { links, original } = await linkedStream();
    const events = await collect(server.client.readStream(links, { resolveLinkTos: true }));
    expect(seen(events)).toEqual([[original, 2n, 0n], [original, 0n, 1n]]);
    expect(events.map(({ link }) => link?.streamId)).toEqual([links, links]);
  });

  it('are events like others when not', async () => {
    const { links } = await linkedStream();
    const events = await collect(server.client.readStream(links));
    expect(events.map(({ event, link }) => [event?.type, link])).toEqual([['$>', undefined], ['$>', undefined]]);
  });

  it('are followed in $all and in subscriptions', async () => {
    const { links, original } = await linkedStream();
    expect(seen(await take(server.client.subscribeToStream(links, { resolveLinkTos: true }), 2))).toEqual([[original, 2n, 0n], [original, 0n, 1n]]);

    const all = await collect(server.client.readAll({ resolveLinkTos: true }));
    expect(seen(all.filter(({ link }) => link?.streamId === links))).toEqual([[original, 2n, 0n], [original, 0n, 1n]]);
  });

  it('to what is gone are answered without an event', async () => {
    const { links, original } = await linkedStream();
    await server.client.setStreamMetadata(original, { truncateBefore: 1 });
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[original, 2n, 0n], [undefined, undefined, 1n]]);
    await server.client.tombstoneStream(original);
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[undefined, undefined, 0n], [undefined, undefined, 1n]]);
  });
});
