import { randomUUID } from 'node:crypto';

import { Server } from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';

import { type Address } from './address.js';
import { listen, type Listening, type TlsFiles, tlsOptionsOf } from './listen.js';
import { authenticateWith } from './protocol/authenticate.js';
import { type AdvertisedEndpoint, gossipService } from './protocol/gossip.js';
import { createHttpStatusServer } from './protocol/http-status.js';
import { pipelineAnswers } from './protocol/pipelined-answers.js';
import { serverFeaturesService } from './protocol/server-features.js';
import { APPEND_BYTES_DEFAULT, APPEND_BYTES_LIMIT } from './protocol/requests.js';
import { OpenCalls, type StreamsLimits, streamsService, streamsServiceDefinition } from './protocol/streams-service.js';
import { addUnimplementedServices } from './protocol/unimplemented.js';
import { createOwnDirectory } from '../data-directory/data-directory.js';
import { lockDirectory } from '../data-directory/lock.js';
import type { CutTail } from './storage/cut-tail.js';
import { EventStore } from './streams/event-store.js';

export type EventStoreServerOptions = {
  /** Created if it does not exist; one server at a time. */
  dataDir: string;
  /** Loopback unless said otherwise. */
  host?: string;
  /** 0: any free port. */
  port?: number;
  /** What Gossip says to clients that discover; by default the address by which each of them came. */
  advertise?: Address;
  /** PEM files. */
  tls?: TlsFiles;
  /** Passwords by name. The client sends credentials over TLS only, so users need `tls`. */
  users?: Record<string, string>;
  /** False: acknowledge appends before they are on disk. A power cut then loses what was appended last. */
  fsync?: boolean;
  /** Size at which a file of the log is full; 64 MiB unless said otherwise. */
  segmentBytesMax?: number;
  /** Bytes that one append may take; 1 MiB unless said otherwise, at most 16 MiB. */
  maxAppendBytes?: number;
  /**
   * Live events that may wait for a subscriber who does not take them, before it is dropped as "Consumer too slow".
   * The real server's buffers hold 64 ({@link LIVE_BUFFER_EVENTS_REAL}). Unless said otherwise nobody is dropped.
   */
  liveBufferEvents?: number;
};

/** What the real server keeps for a live subscriber: two channels of 32 events. */
export const LIVE_BUFFER_EVENTS_REAL = 64;

export type EventStoreServer = {
  port: number;
  /** How many the log held at the start. */
  events: number;
  /** The unfinished end of the log that was cut at the start, if there was one. */
  cut: CutTail | undefined;
  stop(): Promise<void>;
};

/** The client may be told to send chunks of any size; the append's own limit is checked when they are decoded. */
const MESSAGE_BYTES_MAX = 17 * 1024 * 1024;
const KEEPALIVE_MS = 30_000;
const STOP_MS_MAX = 5_000;

/**
 * Starts an event store that speaks EventStoreDB's protocol, in this process.
 * @throws ListenError, DataDirectoryError, DirectoryLockedError or LogDamagedError, each with a sentence for the user
 */
export async function startEventStoreServer(options: EventStoreServerOptions): Promise<EventStoreServer> {
  const { dataDir, host = '127.0.0.1', port = 0, advertise, tls, users, fsync = true, segmentBytesMax } = options;
  const { maxAppendBytes = APPEND_BYTES_DEFAULT, liveBufferEvents } = options;
  if (users !== undefined && Object.keys(users).length > 0 && tls === undefined) {
    throw new Error('Users need TLS: the client sends names and passwords over encrypted connections only.');
  }
  if (!Number.isInteger(maxAppendBytes) || maxAppendBytes < 1 || maxAppendBytes > APPEND_BYTES_LIMIT) {
    throw new Error(`The largest append is a whole number of bytes from 1 to ${APPEND_BYTES_LIMIT}.`);
  }
  const tlsOptions = tlsOptionsOf(tls);
  createOwnDirectory(dataDir);
  const lock = lockDirectory(dataDir);
  let store: EventStore | undefined;
  try {
    const sizes = segmentBytesMax === undefined ? {} : { segmentBytesMax };
    const opened = (store = new EventStore({ dataDir, durable: fsync, ...sizes }));
    const openCalls = new OpenCalls();
    const server = createServer(opened, openCalls, users, { advertise, bound: () => ({ host, port: bound }) }, { appendBytesMax: maxAppendBytes, liveBufferEvents });
    let stopping: Promise<void> | undefined;
    const http = createHttpStatusServer({
      isReady: () => stopping === undefined,
      events: () => opened.index.visible,
      address: () => advertise ?? { host, port: bound },
      instanceId: randomUUID(),
    });
    const listening = await listen(server, http, { host, port }, tlsOptions);
    const bound = listening.port;
    const running: Running = { listening, server, openCalls, store: opened, lock };
    return { port: bound, events: opened.index.count, cut: opened.log.cut, stop: () => (stopping ??= stop(running)) };
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}

function createServer(
  store: EventStore,
  openCalls: OpenCalls,
  users: Record<string, string> | undefined,
  endpoint: AdvertisedEndpoint,
  limits: StreamsLimits,
): Server {
  const server = new Server({ 'grpc.max_receive_message_length': MESSAGE_BYTES_MAX, 'grpc.keepalive_time_ms': KEEPALIVE_MS, interceptors: [pipelineAnswers] });
  server.addService(streamsServiceDefinition, streamsService(store, authenticateWith(users), openCalls, limits));
  server.addService(ServerFeaturesService, serverFeaturesService);
  server.addService(GossipService, gossipService(endpoint));
  addUnimplementedServices(server);
  return server;
}

type Running = { listening: Listening; server: Server; openCalls: OpenCalls; store: EventStore; lock: { release(): void } };

/** Appends that were taken are answered, every open call ends with UNAVAILABLE, then the log is closed. */
async function stop({ listening, server, openCalls, store, lock }: Running): Promise<void> {
  listening.close();
  await store.log.settled().catch(() => undefined);
  // Those who waited for the same write have their answers in this turn.
  await new Promise((resolve) => setImmediate(resolve));
  openCalls.endAll();
  await new Promise<void>((resolve) => {
    const giveUp = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, STOP_MS_MAX);
    server.tryShutdown(() => {
      clearTimeout(giveUp);
      resolve();
    });
  });
  await store.close();
  lock.release();
}
