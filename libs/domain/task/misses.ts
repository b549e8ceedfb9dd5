import type { Memory } from '../../kernel/rule.js';
import type { FollowUpEvent } from '../follow-up/events.js';
import type { SubjectRef } from '../subject.js';
import { evolveTeam, isTeamEvent, noTeam, TEAM_EVENTS, type Team, type TeamEvent } from '../team-work.js';

/** Who was to follow up what, and how often that was missed since it was last done. */
export interface Misses extends Team {
  readonly followUps: Map<string, { readonly subject: SubjectRef; readonly ownerId: string }>;
  readonly missed: Map<string, number>;
}

export const subjectKey = ({ kind, id }: SubjectRef): string => `${kind}/${id}`;

export const misses: Memory<Misses, FollowUpEvent | TeamEvent> = {
  name: 'missed_follow_ups',
  version: 2,
  events: [...TEAM_EVENTS, 'FollowUpScheduled', 'FollowUpCompleted', 'FollowUpCancelled', 'FollowUpMissed'],
  initial: () => ({ ...noTeam(), followUps: new Map(), missed: new Map() }),
  evolve(state, event) {
    if (isTeamEvent(event)) return evolveTeam(state, event);
    if (event.type === 'FollowUpScheduled') {
      state.followUps.set(event.data.followUpId, { subject: event.data.subject, ownerId: event.data.ownerId });
      return state;
    }
    const known = state.followUps.get(event.data.followUpId);
    if (!known) return state;
    const key = subjectKey(known.subject);
    if (event.type === 'FollowUpMissed') state.missed.set(key, (state.missed.get(key) ?? 0) + 1);
    if (event.type === 'FollowUpCompleted') state.missed.delete(key);
    if (event.type === 'FollowUpCompleted' || event.type === 'FollowUpCancelled') state.followUps.delete(event.data.followUpId);
    return state;
  },
};
