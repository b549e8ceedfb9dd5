import { expect, it } from '@jest/globals';
import { BACKWARDS, binaryEvent, END, type Position, type ResolvedEvent, START } from '@eventstore/db-client';

import { collect, numbered, sign, take } from './events.js';
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

  it('are followed backwards and in $all as it happens', async () => {
    const { links, original } = await linkedStream();
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true, direction: BACKWARDS, fromRevision: END })))).toEqual([[original, 0n, 1n], [original, 2n, 0n]]);

    const before = await server.client.appendToStream(newStream(), numbered(1));
    const taking = take(server.client.subscribeToAll({ fromPosition: before.position ?? START, resolveLinkTos: true }), 1);
    await server.client.appendToStream(links, linkTo(original, 1));
    expect(seen(await taking)).toEqual([[original, 1n, 2n]]);
  });

  it('stand where the link is, so that a reader goes on behind the link', async () => {
    const { links } = await linkedStream();
    const [first] = await collect(server.client.readStream(links, { resolveLinkTos: true }));
    const from: Position = first?.link?.position ?? { commit: 0n, prepare: 0n };
    expect(first?.event?.position?.commit).toBeLessThan(from.commit);
    const [next] = await take(server.client.subscribeToAll({ fromPosition: from, resolveLinkTos: true }), 1);
    expect(next?.link?.revision).toBe(1n);
  });

  const broken: [string, (original: string) => string][] = [
    ['a stream that never was', () => `0@${newStream()}`],
    ['a revision that is not written', (original) => `7@${original}`],
  ];
  it.each(broken)('to %s are answered without an event', async (_, to) => {
    const { original } = await linkedStream();
    const links = newStream();
    await server.client.appendToStream(links, binaryEvent({ type: '$>', data: Buffer.from(to(original)) }));
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[undefined, undefined, 0n]]);
  });

  it('that name no revision are events like others', async () => {
    const links = newStream();
    await server.client.appendToStream(links, binaryEvent({ type: '$>', data: Buffer.from('nonsense') }));
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[links, 0n, undefined]]);
  });

  it.each([
    ['no number', 'nonsense'],
    ['a number too large', '9223372036854775808@x'],
    ['no stream', '7'],
  ])('live with %s are answered without an event', async (_, text) => {
    const links = newStream();
    await server.client.appendToStream(links, numbered(1));
    const subscription = server.client.subscribeToStream(links, { fromRevision: END, resolveLinkTos: true });
    const taking = take(subscription, 1);
    await sign(subscription, 'caughtUp');
    await server.client.appendToStream(links, binaryEvent({ type: '$>', data: Buffer.from(text) }));
    expect(seen(await taking)).toEqual([[undefined, undefined, 1n]]);
  });

  it('without a stream are answered without an event, with spaces and signs as numbers are written', async () => {
    const { original } = await linkedStream();
    const links = newStream();
    const texts = ['7', ` +1 @${original}`, `-1@${original}`, `9223372036854775808@${original}`];
    await server.client.appendToStream(links, texts.map((text) => binaryEvent({ type: '$>', data: Buffer.from(text) })));
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([
      [undefined, undefined, 0n], [original, 1n, 1n], [original, 2n, 2n], [links, 3n, undefined],
    ]);
  });

  it('to a softly deleted stream are answered without an event, and again with it when it is begun anew', async () => {
    const [original, links] = [newStream(), newStream()];
    await server.client.appendToStream(original, numbered(1));
    await server.client.appendToStream(links, [linkTo(original, 0), linkTo(original, 1)]);
    await server.client.deleteStream(original);
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[undefined, undefined, 0n], [undefined, undefined, 1n]]);
    await server.client.appendToStream(original, numbered(1));
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[undefined, undefined, 0n], [original, 1n, 1n]]);
  });

  it('to what is gone are answered without an event', async () => {
    const { links, original } = await linkedStream();
    await server.client.setStreamMetadata(original, { truncateBefore: 1 });
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[original, 2n, 0n], [undefined, undefined, 1n]]);
    await server.client.tombstoneStream(original);
    expect(seen(await collect(server.client.readStream(links, { resolveLinkTos: true })))).toEqual([[undefined, undefined, 0n], [undefined, undefined, 1n]]);
  });
});
