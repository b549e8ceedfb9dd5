import { accept, refuse, type Decision, type DecisionContext } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import { actingMemberProblem } from '../acting-member.js';
import { defined } from '../defined.js';
import { asItWas } from '../in-force.js';
import { sameJson } from '../same-json.js';
import type { PublishMaterial, ShareMaterial } from './commands.js';
import type { EnablementEvent } from './events.js';
import type { EnablementRefusal } from './refusals.js';
import type { Enablement, EnablementFacts } from './state.js';

type EnablementDecision = Decision<EnablementEvent, EnablementRefusal>;

export function publishMaterial(state: Enablement, { materialId, title, kind, edition, product, url }: PublishMaterial, occurredAt: Instant): EnablementDecision {
  const content = defined({ title, kind, edition, product, url });
  if (state.of === 'material') {
    const { of: _, changes, ...known } = asItWas(state, occurredAt);
    if (occurredAt >= changes[0]!.at && sameJson(known, content)) return accept(); // what is a material was published
  }
  return accept({ type: 'MaterialPublished', data: { materialId, ...content } });
}

/** Nobody shares the same thing twice in one moment: what tells one share of a deal or lead from another. No id holds a space. */
export const shareKey = (materialId: string, memberId: string, at: Instant | undefined): string => `${materialId} ${memberId} ${at ?? ''}`;

export function shareMaterial(state: Enablement, { materialId, subject, memberId }: ShareMaterial, { occurredAt, facts }: DecisionContext<EnablementFacts>): EnablementDecision {
  if (state.of === 'shares' && state.shared.has(shareKey(materialId, memberId, occurredAt))) return accept();
  const { material, member, subjectExists } = facts;
  if (material.status === 'unknown') return refuse('material_not_found');
  const problem = actingMemberProblem(member, occurredAt);
  if (problem) return refuse(problem, memberId);
  if (!subjectExists) return refuse('subject_unknown', `${subject.kind} ${subject.id}`);
  return accept({ type: 'MaterialShared', data: defined({ materialId, subject, memberId, edition: material.edition }) });
}
