import { Metadata, type Server, type ServiceDefinition, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { OperationsService } from '@eventstore/db-client/generated/operations_grpc_pb.js';
import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import { ProjectionsService } from '@eventstore/db-client/generated/projections_grpc_pb.js';
import { UsersService } from '@eventstore/db-client/generated/users_grpc_pb.js';

const ELSEWHERE = 'or set ESDB_URL to an EventStoreDB or KurrentDB server.';

/** What the embedded server leaves out, and what to do instead. */
const LEFT_OUT: readonly (readonly [ServiceDefinition, string])[] = [
  [
    PersistentSubscriptionsService,
    `The embedded event store has no persistent subscriptions: use subscribeToStream or subscribeToAll and keep the checkpoint with your data, ${ELSEWHERE}`,
  ],
  [ProjectionsService, `The embedded event store runs no server projections: subscribe to $all with a filter and fold the events in your process, ${ELSEWHERE}`],
  [UsersService, `The embedded event store keeps no users: name them when it is started (--user name:password), ${ELSEWHERE}`],
  [OperationsService, `The embedded event store needs no scavenging or other operations: stop it with SIGTERM, check it with "pipeledger eventstore check", ${ELSEWHERE}`],
];

/** Answers every method of the services that are left out with UNIMPLEMENTED and the way out. */
export function addUnimplementedServices(server: Server): void {
  for (const [service, details] of LEFT_OUT) {
    const error = Object.assign(new Error(details), { code: status.UNIMPLEMENTED, details, metadata: new Metadata() });
    const handlers: UntypedServiceImplementation = {};
    for (const [name, method] of Object.entries(service)) {
      handlers[name] = method.responseStream
        ? (call: { emit(event: 'error', error: Error): boolean }) => void call.emit('error', error)
        : (_call: unknown, answer: (error: Error) => void) => answer(error);
    }
    server.addService(service, handlers);
  }
}
