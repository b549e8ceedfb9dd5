import { context, noFacts } from '../../kernel/context.js';
import { DefineReport, PublishReport } from './commands.js';
import { report, reportsRefusals } from './decider.js';
import { reportsEvents } from './events.js';

export const reportsContext = context({
  name: 'reports',
  category: 'report',
  idField: 'reportId',
  commands: [DefineReport, PublishReport],
  events: reportsEvents,
  refusals: reportsRefusals,
  decider: report,
  facts: noFacts,
});
