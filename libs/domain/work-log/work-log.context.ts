import { context, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { CorrectWork, LogWork, type WorkLogCommand } from './commands.js';
import { workLog, workLogRefusals, type WorkLog, type WorkLogFacts } from './decider.js';
import { workLogEvents } from './events.js';

const facts: Facts<WorkLogCommand, WorkLog, WorkLogFacts> = async (read, command, _, occurredAt) => ({
  member: command.type === 'LogWork' ? await memberAt(read, command.memberId, occurredAt) : { status: 'unknown' },
});

export const workLogContext = context({
  name: 'work-log',
  category: 'workLog',
  idField: 'workLogId',
  commands: [LogWork, CorrectWork],
  events: workLogEvents,
  refusals: workLogRefusals,
  decider: workLog,
  facts,
});
