import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { spawnEventStoreServer } from '../../libs/eventstore-embedded/spawn-server.js';

// Run as a process: starts an event store in the directory named, as the engine does, and tells whoever forked it the
// process id of the child before that has done anything.
let child: ChildProcess | undefined;
subscribe('child_process', (message) => { child = (message as { readonly process: ChildProcess }).process; });
const started = spawnEventStoreServer({ dataDir: process.argv[2] ?? '' });
process.send?.(child?.pid);
await started;
