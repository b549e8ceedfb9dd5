import type { AnyContext } from '../kernel/context.js';
import { dealContext } from './deal/deal.context.js';
import { followUpContext } from './follow-up/follow-up.context.js';
import { leadContext } from './lead/lead.context.js';
import { meetingContext } from './meeting/meeting.context.js';
import { memberContext } from './member/member.context.js';
import { policyContext } from './policy/policy.context.js';

/** Every context the engine serves: routes, handlers, event catalogue and documentation follow from this list. */
export const contexts: readonly AnyContext[] = [policyContext, memberContext, leadContext, meetingContext, followUpContext, dealContext];
