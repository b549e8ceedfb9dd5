import { randomUUID } from 'node:crypto';

import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

import { type Address, bracketed, parseAddress } from '../address.js';

/** What is said of where this node is: the address that the operator names, else what the client itself came by. */
export type AdvertisedEndpoint = { advertise: Address | undefined; bound: () => Address };

/**
 * Gossip: a cluster of one, whose only node leads. A client that discovers goes on with the address told here. The way it
 * just came is the one known to work: through a mapped port, under the name in the certificate, and on a server that listens
 * on every address. An IPv6 address is told in brackets, because clients put `:port` behind it.
 */
export function gossipService({ advertise, bound }: AdvertisedEndpoint): UntypedServiceImplementation {
  const instanceId = new shared.UUID().setString(randomUUID());
  return {
    read(call: ServerUnaryCall<shared.Empty, gossip.ClusterInfo>, answer: sendUnaryData<gossip.ClusterInfo>) {
      const own = bound();
      const { host, port } = advertise ?? parseAddress(call.getHost(), own.port) ?? { host: bracketed(own.host), port: own.port };
      const member = new gossip.MemberInfo()
        .setInstanceId(instanceId)
        .setTimeStamp(String(Date.now()))
        .setState(gossip.MemberInfo.VNodeState.LEADER)
        .setIsAlive(true)
        .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));
      const cluster = new gossip.ClusterInfo();
      cluster.addMembers(member);
      answer(null, cluster);
    },
  };
}
