import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentials } from '@grpc/grpc-js';
import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';

import { type SpawnedEventStoreServer, spawnEventStoreServer } from '../../../../libs/eventstore-embedded/spawn-server.js';
import { numbered } from '../events.js';

describe('an embedded server that listens on every address', () => {
  let dataDir: string;
  let server: SpawnedEventStoreServer;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'eventstore-gossip-'));
    server = await spawnEventStoreServer({ dataDir, host: '0.0.0.0' });
  });
  afterEach(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  async function membersToldTo(host: string): Promise<gossip.MemberInfo[]> {
    const client = new GossipClient(`${host}:${server.port}`, credentials.createInsecure());
    const cluster = await new Promise<gossip.ClusterInfo>((resolve, reject) => {
      client.read(new shared.Empty(), (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });
    client.close();
    return cluster.getMembersList();
  }

  it.each(['127.0.0.1', 'localhost'])('is one living leader at the address that a client came by (%s)', async (host) => {
    const [node, ...others] = await membersToldTo(host);
    expect(others).toEqual([]);
    expect([node?.getIsAlive(), node?.getState()]).toEqual([true, gossip.MemberInfo.VNodeState.LEADER]);
    expect([node?.getHttpEndPoint()?.getAddress(), node?.getHttpEndPoint()?.getPort()]).toEqual([host, server.port]);
  });

  it('is used by a client that discovers', async () => {
    const client = EventStoreDBClient.connectionString(`esdb+discover://localhost:${server.port}?tls=false`);
    await expect(client.appendToStream('orders-1', numbered(1))).resolves.toMatchObject({ success: true });
    await client.dispose();
  });

  it('tells its version and every method that it serves', async () => {
    const client = new ServerFeaturesClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const supported = await new Promise<features.SupportedMethods>((resolve, reject) => {
      client.getSupportedMethods(new shared.Empty(), (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });
    client.close();
    expect(supported.getEventStoreServerVersion()).toMatch(/^\d+\.\d+\.\d+$/);
    const ofStreams = supported.getMethodsList().filter((method) => method.getServiceName() === 'event_store.client.streams.streams');
    expect(ofStreams.map((method) => method.getMethodName()).sort()).toEqual(['append', 'batchappend', 'delete', 'read', 'tombstone']);
  });
});
