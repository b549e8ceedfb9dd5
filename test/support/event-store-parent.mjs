// A process that starts an event store on the directory given and waits: to be killed by a test.
import { spawnEventStoreServer } from '../../libs/eventstore-embedded/spawn-server.ts';

const [, , dataDir] = process.argv;
await spawnEventStoreServer({ dataDir });
setInterval(() => undefined, 60_000);
