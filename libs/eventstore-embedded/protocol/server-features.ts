import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';

/** The version whose behaviour the contract suite describes. */
export const SPEAKS_AS_VERSION = '24.10.0';
const STREAMS = 'event_store.client.streams.streams';
const PERSISTENT = 'event_store.client.persistent_subscriptions.persistentsubscriptions';

/**
 * Persistent subscriptions are named although they are not implemented: the client would otherwise try the real
 * server's HTTP API, or ask for a newer server, instead of showing our sentence that says what to use.
 */
const METHODS: readonly (readonly [service: string, method: string, features: readonly string[]])[] = [
  [STREAMS, 'read', ['position', 'events']],
  [STREAMS, 'append', []],
  [STREAMS, 'batchappend', ['deadline_duration']],
  [STREAMS, 'delete', []],
  [STREAMS, 'tombstone', []],
  ...['create', 'update', 'delete', 'read', 'getinfo', 'replayparked', 'list', 'restartsubsystem'].map(
    (method) => [PERSISTENT, method, ['stream', 'all']] as const,
  ),
  ['event_store.client.projections.projections', 'create', ['track_emitted_streams']],
];

/** ServerFeatures: what this server can do, which the client asks before its first append. */
export const serverFeaturesService: UntypedServiceImplementation = {
  getSupportedMethods(_call: ServerUnaryCall<shared.Empty, features.SupportedMethods>, answer: sendUnaryData<features.SupportedMethods>) {
    const supported = new features.SupportedMethods().setEventStoreServerVersion(SPEAKS_AS_VERSION);
    for (const [service, method, names] of METHODS) {
      supported.addMethods(new features.SupportedMethod().setServiceName(service).setMethodName(method).setFeaturesList([...names]));
    }
    answer(null, supported);
  },
};
