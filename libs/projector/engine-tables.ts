/** The engine's own tables, made where they are missing: what was built, how far it is, what waits and what is passed over. */
export const ENGINE_TABLES = `
CREATE TABLE IF NOT EXISTS projection_build (
  -- json, not jsonb: the order of the declared columns is the order in which rows are written.
  projection text NOT NULL, build integer NOT NULL, version integer NOT NULL, suffix text NOT NULL, tables json NOT NULL, partitions integer NOT NULL,
  state text NOT NULL CHECK (state IN ('filling', 'serving', 'former', 'set_aside')), indexed boolean NOT NULL, comparison jsonb, created_at timestamptz NOT NULL DEFAULT now(), swapped_at timestamptz,
  PRIMARY KEY (projection, build));
CREATE UNIQUE INDEX IF NOT EXISTS projection_build_serving ON projection_build (projection) WHERE state = 'serving';
COMMENT ON TABLE projection_build IS 'The tables of each version of a projection: one build serves, one may be filling, one former build waits for a rollback.';
CREATE TABLE IF NOT EXISTS projection_checkpoint (
  projection text NOT NULL, build integer NOT NULL, partition integer NOT NULL, position bigint NOT NULL DEFAULT -1, position_at timestamptz, epoch bigint NOT NULL DEFAULT 0,
  owner text, state text NOT NULL DEFAULT 'idle', head bigint NOT NULL DEFAULT -1, caught_up_at timestamptz, heartbeat_at timestamptz, events_per_second double precision NOT NULL DEFAULT 0,
  last_error text, last_error_at timestamptz,
  PRIMARY KEY (projection, build, partition)) WITH (fillfactor = 50);
ALTER TABLE projection_checkpoint ADD COLUMN IF NOT EXISTS known_event json;
ALTER TABLE projection_checkpoint ADD COLUMN IF NOT EXISTS resumed integer NOT NULL DEFAULT 0;
COMMENT ON TABLE projection_checkpoint IS 'How far each projection has read the log. position and epoch fence every write: exactly once.';
CREATE TABLE IF NOT EXISTS projection_parked (
  projection text NOT NULL, build integer NOT NULL, position bigint NOT NULL, partition integer NOT NULL, key text, stream text NOT NULL, type text NOT NULL, recorded_at timestamptz NOT NULL,
  reason text NOT NULL CHECK (reason IN ('poison', 'held')), error text, attempts integer NOT NULL DEFAULT 1, parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, build, position));
COMMENT ON TABLE projection_parked IS 'Events that a projection could not fold (poison), and later events of the same key, held back so that order is kept.';
CREATE TABLE IF NOT EXISTS projection_discarded (
  projection text NOT NULL, position bigint NOT NULL, stream text NOT NULL, type text NOT NULL, error text, discarded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, position));
COMMENT ON TABLE projection_discarded IS 'Events that someone decided a projection shall pass over, in every version and every rebuild.';
COMMENT ON COLUMN projection_build.projection IS 'Name of the projection.';
COMMENT ON COLUMN projection_build.build IS 'Running number of the build within its projection.';
COMMENT ON COLUMN projection_build.version IS 'Version of the definition it was built with.';
COMMENT ON COLUMN projection_build.suffix IS 'What its tables’ names end with.';
COMMENT ON COLUMN projection_build.tables IS 'Its tables as they were declared.';
COMMENT ON COLUMN projection_build.partitions IS 'Into how many partitions its keys are spread.';
COMMENT ON COLUMN projection_build.state IS 'filling, serving, former (waits for a rollback) or set_aside (was rolled back).';
COMMENT ON COLUMN projection_build.indexed IS 'The indexes that reports need are there.';
COMMENT ON COLUMN projection_build.comparison IS 'What the comparison before the swap found.';
COMMENT ON COLUMN projection_build.created_at IS 'When it was made.';
COMMENT ON COLUMN projection_build.swapped_at IS 'When it last began to serve.';
COMMENT ON COLUMN projection_checkpoint.projection IS 'Name of the projection.';
COMMENT ON COLUMN projection_checkpoint.build IS 'Its build.';
COMMENT ON COLUMN projection_checkpoint.partition IS 'Its partition, from 0.';
COMMENT ON COLUMN projection_checkpoint.position IS 'Up to which log position all is written; -1 before the first event.';
COMMENT ON COLUMN projection_checkpoint.position_at IS 'When the log recorded the last event written.';
COMMENT ON COLUMN projection_checkpoint.epoch IS 'How often the partition was claimed; a writer of an earlier epoch is fenced off.';
COMMENT ON COLUMN projection_checkpoint.owner IS 'Host and process that claimed it last.';
COMMENT ON COLUMN projection_checkpoint.state IS 'running, catching_up, live, retrying, stopped or idle.';
COMMENT ON COLUMN projection_checkpoint.head IS 'Last position of the log that its worker has seen.';
COMMENT ON COLUMN projection_checkpoint.caught_up_at IS 'When the log last held nothing more.';
COMMENT ON COLUMN projection_checkpoint.heartbeat_at IS 'Last sign of life of its worker.';
COMMENT ON COLUMN projection_checkpoint.events_per_second IS 'Events folded a second, of late.';
COMMENT ON COLUMN projection_checkpoint.resumed IS 'How often the process of its worker has taken up reading the log again, having been dropped or cut off.';
COMMENT ON COLUMN projection_checkpoint.last_error IS 'What last went wrong; empty once a batch is written again.';
COMMENT ON COLUMN projection_checkpoint.last_error_at IS 'When.';
COMMENT ON COLUMN projection_checkpoint.known_event
  IS 'Last event taken in, and where: a log without it there is not the one that was read.';
COMMENT ON COLUMN projection_parked.projection IS 'Name of the projection.';
COMMENT ON COLUMN projection_parked.build IS 'Its build.';
COMMENT ON COLUMN projection_parked.position IS 'Log position of the event.';
COMMENT ON COLUMN projection_parked.partition IS 'Partition whose worker parked it.';
COMMENT ON COLUMN projection_parked.key IS 'Key it belongs to; empty where it could not be decoded.';
COMMENT ON COLUMN projection_parked.stream IS 'Its stream.';
COMMENT ON COLUMN projection_parked.type IS 'Its type.';
COMMENT ON COLUMN projection_parked.recorded_at IS 'When the log recorded it.';
COMMENT ON COLUMN projection_parked.reason IS 'poison: it could not be folded; held: it waits behind one that could not.';
COMMENT ON COLUMN projection_parked.error IS 'Why it could not be folded.';
COMMENT ON COLUMN projection_parked.attempts IS 'How often it was tried.';
COMMENT ON COLUMN projection_parked.parked_at IS 'When it was parked.';
COMMENT ON COLUMN projection_discarded.projection IS 'Name of the projection.';
COMMENT ON COLUMN projection_discarded.position IS 'Log position of the event.';
COMMENT ON COLUMN projection_discarded.stream IS 'Its stream.';
COMMENT ON COLUMN projection_discarded.type IS 'Its type.';
COMMENT ON COLUMN projection_discarded.error IS 'Why it could not be folded.';
COMMENT ON COLUMN projection_discarded.discarded_at IS 'When that was decided.';`;
