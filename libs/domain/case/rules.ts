import { build } from '../../kernel/command.js';
import { rule } from '../../kernel/rule.js';
import { HAND_OVER, handOver } from '../hand-over.js';
import { teamWork, type TeamWork } from '../team-work.js';
import { EscalateCase } from './commands.js';
import type { CaseEvent } from './events.js';

/** A case changes hands by being escalated: whoever gets it sees that it was, and its due times stay. */
export const handOverCases = rule<TeamWork, CaseEvent>({
  ...HAND_OVER, part: 'cases', memory: teamWork, on: [],
  due: (team, now, settings) => handOver(team, now, settings, 'case', ({ id }, ownerId, reason) => [build(EscalateCase, { caseId: id, ownerId, reason })]),
});
