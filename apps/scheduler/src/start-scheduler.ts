import type { CommandBus } from '@nestjs/cqrs';
import { withEnvelope } from '../../../libs/dispatch/envelope.js';
import { deadlineSources } from '../../../libs/domain/deadlines.js';
import { causedCommandId } from '../../../libs/eventstore/event-ids.js';
import type { HistoriesAhead } from '../../../libs/eventstore/histories-ahead.js';
import type { Outcome } from '../../../libs/eventstore/intent.js';
import type { CommandMessage } from '../../../libs/kernel/command.js';
import type { Actor } from '../../../libs/kernel/event.js';
import type { ReadStore } from '../../../libs/readstore/sql.js';
import type { AlarmClock } from '../../../libs/timers/alarm-clock.js';
import { RECONCILE_EVERY_MS, Scheduler, type Foresee, type SendTimerCommand } from '../../../libs/timers/scheduler.js';
import { systemTime } from '../../../libs/timers/time.js';
import { DeadlineRows } from './pending-deadlines.js';

const CLOCK: Actor = { id: 'clock', role: 'system' };

/** Sends the commands of alarms as what they are: the clock's, at the moment that was due. */
const sender = (bus: CommandBus, report: (message: string) => void): SendTimerCommand => async (command, { deadlineId, occurredAt }) => {
  // A deadline that has passed or moved is nothing to do whenever it rings: no need to remember that it did.
  const repeats = 'never' as const;
  const envelope = { commandId: causedCommandId(deadlineId, command.type), actor: CLOCK, occurredAt, causationId: deadlineId, repeats };
  const outcome = await bus.execute<CommandMessage, Outcome>(withEnvelope(command, envelope));
  if (outcome.accepted) return 'carried_out';
  report(`${command.type} for ${deadlineId} was refused: ${outcome.refusal.code} ${outcome.refusal.detail ?? ''}`);
  return 'refused';
};

/** Watches every deadline. Where histories can be read ahead (those of the ledger that the bus writes to), a ring is one append. */
export async function startScheduler(store: ReadStore, bus: CommandBus, clock: AlarmClock, report: (message: string, error?: unknown) => void, ahead?: HistoriesAhead): Promise<Scheduler> {
  const foresee: Foresee = (soon) => ahead?.foresee(soon.map(({ stream, ringAt: neededAt }) => ({ stream, neededAt })));
  const scheduler = new Scheduler(new DeadlineRows(store), clock, deadlineSources, sender(bus, report), report, systemTime, RECONCILE_EVERY_MS, foresee);
  await scheduler.start();
  return scheduler;
}
