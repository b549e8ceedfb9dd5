import { build } from '../../kernel/command.js';
import { flagSetting, listSetting, rule } from '../../kernel/rule.js';
import { HAND_OVER, handOver } from '../hand-over.js';
import { give } from '../open-work.js';
import { chooseMember, teamWork, type TeamWork } from '../team-work.js';
import { AssignLead } from './commands.js';
import type { LeadEvent } from './events.js';

/** Gives a lead that nobody owns to someone. */
export const assignLead = rule<TeamWork, LeadEvent>({
  name: 'assign_lead',
  summary: 'Gives each new lead to a member: by territory, skill, working hours and load, in this order',
  memory: teamWork,
  /** `teamIds`: only these teams; empty: any. A wish that nobody meets is dropped; being there and having room is none. */
  defaults: { roles: ['coordinator', 'executive'], teamIds: [], byTerritory: true, bySkill: true, byWorkingHours: true },
  on: ['LeadCaptured'],
  react(team, event, settings) {
    if (event.type !== 'LeadCaptured' || event.data.ownerId !== undefined) return [];
    const { leadId, region, product, segment } = event.data;
    const chosen = chooseMember(team, {
      at: event.occurredAt, roles: listSetting(settings, 'roles'), teamIds: listSetting(settings, 'teamIds'), atWork: flagSetting(settings, 'byWorkingHours'),
      ...(region && flagSetting(settings, 'byTerritory') && { region }),
      ...(flagSetting(settings, 'bySkill') && { skills: [product, segment].filter((name) => name !== undefined) }),
    });
    if (!chosen) return [{ because: 'nobody who may get leads is there and has room' }];
    give(team.work, { kind: 'lead', id: leadId, ownerId: chosen.memberId, ...(region && { region }) });
    return [{ command: build(AssignLead, { leadId, ownerId: chosen.memberId, reason: chosen.why }), because: chosen.why }];
  },
});

export const handOverLeads = rule<TeamWork, LeadEvent>({
  ...HAND_OVER, part: 'leads', memory: teamWork, on: [],
  due: (team, now, settings) => handOver(team, now, settings, 'lead', ({ id }, ownerId, reason) => [build(AssignLead, { leadId: id, ownerId, reason })]),
});
