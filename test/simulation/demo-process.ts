import { startEngine } from '../../apps/server/src/engine.js';
import type { DemoOutcome } from '../../apps/server/src/demo.js';
import { LEDGER } from '../../libs/dispatch/command-handlers.js';
import type { Ledger } from '../../libs/eventstore/transact.js';
import { DEMO_COMPANY } from './demo-company.js';

/** What the process says of itself. */
export type DemoMessage =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'ready'; readonly url: string; readonly clock: string; readonly demo: DemoOutcome | undefined }
  | { readonly kind: 'head'; readonly head: number };
export type DemoQuestion = 'head' | 'stop';

/** `npm start`, with `--demo` or without, and a small company for it: a process of its own, so that it can be killed. */
const [dataDir, how] = process.argv.slice(2);
if (dataDir === undefined || !process.send) throw new TypeError('this is run by a test, which names the data directory');
const tell = (message: DemoMessage): void => void process.send?.(message);
const engine = await startEngine({ host: '127.0.0.1', port: 0, dataDir }, how === 'demo' ? { demo: (line) => tell({ kind: 'line', line }), demoCompany: DEMO_COMPANY } : {});
process.on('message', (question: DemoQuestion) => {
  if (question === 'stop') void engine.stop().then(() => process.exit());
  else void engine.app.get<symbol, Ledger>(LEDGER).log.head().then((head) => tell({ kind: 'head', head }));
});
tell({ kind: 'ready', url: engine.url, clock: engine.clock, demo: engine.demo });
