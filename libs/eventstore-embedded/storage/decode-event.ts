import streams from '@eventstore/db-client/generated/streams_pb.js';

import { recordAt } from './record.js';

/** The event in a record, decoded: for the few that the server itself reads (metadata, links, other id formats). */
export function decodeEvent(record: Buffer): streams.ReadResp.ReadEvent.RecordedEvent {
  const event = streams.ReadResp.deserializeBinary(recordAt.frame(record, 0)).getEvent()?.getEvent();
  if (event === undefined) throw new Error('A record in the log holds no event.');
  return event;
}
