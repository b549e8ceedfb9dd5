import type { EventStoreDBClient, Position, ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import { ReadStream } from '@eventstore/db-client/dist/streams/utils/ReadStream.js';
import { convertGrpcEvent } from '@eventstore/db-client/dist/utils/convertGrpcEvent.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

const { FilterOptions, Position: GrpcPosition, ReadDirection, UUIDOption, AllOptions } = streams.ReadReq.Options;

/**
 * Events that the server looks through at once for those that match. Its own default of 32 makes it slow where few
 * do.
 */
const SEARCHED_EVENTS = 4_096;

/** A read of the whole log, of matching events only. */
export interface FilteredRead {
  /** Inclusive when reading forwards, exclusive when reading backwards; left out: from the log's near end. */
  readonly from?: Position;
  readonly direction: 'forwards' | 'backwards';
  /** Matching events; left out: all. */
  readonly maxCount?: number;
  /** By what the names of the streams, or the event types, begin with. */
  readonly filter: { readonly streams: readonly string[] } | { readonly types: readonly string[] };
}

const at = ({ commit, prepare }: Position): streams.ReadReq.Options.Position =>
  new GrpcPosition().setCommitPosition(String(commit)).setPreparePosition(String(prepare));

function optionsOf(read: FilteredRead): streams.ReadReq.Options {
  const { from, direction, maxCount = Number.MAX_SAFE_INTEGER, filter } = read;
  const all = new AllOptions();
  if (from) all.setPosition(at(from));
  else if (direction === 'forwards') all.setStart(new shared.Empty());
  else all.setEnd(new shared.Empty());
  const byStream = 'streams' in filter;
  const prefixes = new FilterOptions.Expression().setPrefixList([...(byStream ? filter.streams : filter.types)]);
  const wanted = new FilterOptions().setMax(SEARCHED_EVENTS).setCheckpointintervalmultiplier(1);
  if (byStream) wanted.setStreamIdentifier(prefixes);
  else wanted.setEventType(prefixes);
  return new streams.ReadReq.Options()
    .setAll(all)
    .setCount(String(maxCount))
    .setUuidOption(new UUIDOption().setString(new shared.Empty()))
    .setReadDirection(direction === 'forwards' ? ReadDirection.FORWARDS : ReadDirection.BACKWARDS)
    .setFilter(wanted);
}

/**
 * Reads the whole log with a filter on the server's side. The protocol has such reads; the client has a method for
 * them in
 * subscriptions only, so the request is made here and sent the way the client sends its own.
 */
export function readFiltered(client: EventStoreDBClient, read: FilteredRead): StreamingRead<ResolvedEvent> {
  const request = new streams.ReadReq().setOptions(optionsOf(read));
  const call = client['GRPCStreamCreator'](StreamsClient, 'readFiltered', (grpc) =>
    grpc.read(request, ...client['callArguments']({}, { deadline: Infinity })));
  return new ReadStream<ResolvedEvent>(call, convertGrpcEvent, {});
}

/** Ends a read that may not have come to its end. */
export async function cancelled(read: StreamingRead<ResolvedEvent>): Promise<void> {
  // A cancelled call still reports its cancellation: someone must listen or the process ends.
  read.on('error', () => undefined);
  await read.cancel();
  read.destroy();
}
