import type { ServerUnaryCall } from '@grpc/grpc-js';
import type gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { describe, expect, it } from '@jest/globals';

import type { Address } from '../address.js';
import { gossipService } from './gossip.js';

describe('gossip', () => {
  /** Where a client that came by `authority` is told to go on. */
  function toldTo(authority: string, bound: Address, advertise?: Address): string {
    let told: gossip.EndPoint | undefined;
    const read = gossipService({ advertise, bound: () => bound }).read as unknown as (
      call: Pick<ServerUnaryCall<shared.Empty, gossip.ClusterInfo>, 'getHost'>, answer: (error: unknown, cluster: gossip.ClusterInfo) => void,
    ) => void;
    read({ getHost: () => authority }, (_, cluster) => (told = cluster.getMembersList()[0]?.getHttpEndPoint()));
    return `${told?.getAddress()}:${told?.getPort()}`;
  }
  const everywhere = { host: '0.0.0.0', port: 2113 };

  it.each([
    ['events.example.com:12113', 'events.example.com:12113'],
    ['10.0.0.7:2113', '10.0.0.7:2113'],
    ['[fe80::1]:2113', '[fe80::1]:2113'],
    ['localhost', 'localhost:2113'],
  ])('sends a client that came by %s on to %s', (authority, address) => expect(toldTo(authority, everywhere)).toBe(address));

  it('sends every client to the address that the operator names', () => {
    expect(toldTo('10.0.0.7:2113', everywhere, { host: 'events.example.com', port: 443 })).toBe('events.example.com:443');
  });

  it('brackets the address it listens on where the client does not say how it came', () => {
    expect(toldTo('', { host: '::1', port: 2113 })).toBe('[::1]:2113');
  });
});
