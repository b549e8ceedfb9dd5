import type { AnyContext } from '../kernel/context.js';
import { followUpContext } from './follow-up/follow-up.context.js';

/** Every context the engine serves: routes, handlers, event catalogue and documentation follow from this list. */
export const contexts: readonly AnyContext[] = [followUpContext];
