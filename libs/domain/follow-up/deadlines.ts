import { build } from '../../kernel/command.js';
import type { DeadlineSource } from '../../kernel/deadline.js';
import { plusMinutes } from '../../kernel/time.js';
import { MarkFollowUpMissed } from './commands.js';
import type { FollowUpEvent } from './events.js';

/** A follow-up is missed when it is not done `graceMinutes` after its due time. */
export const followUpDeadline: DeadlineSource<FollowUpEvent> = {
  kind: 'follow_up_missed',
  category: 'followUp',
  events: ['FollowUpScheduled', 'FollowUpRescheduled', 'FollowUpCompleted', 'FollowUpCancelled', 'FollowUpMissed'],
  after(event) {
    switch (event.type) {
      case 'FollowUpScheduled':
      case 'FollowUpRescheduled': return { dueAt: event.data.dueAt, ringAt: plusMinutes(event.data.dueAt, event.data.graceMinutes) };
      case 'FollowUpCompleted':
      case 'FollowUpCancelled':
      case 'FollowUpMissed': return null;
    }
  },
  command: (followUpId, { dueAt }) => build(MarkFollowUpMissed, { followUpId, dueAt }),
};
