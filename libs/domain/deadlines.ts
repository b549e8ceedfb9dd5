import type { AnyDeadlineSource } from '../kernel/deadline.js';
import { followUpDeadline } from './follow-up/deadlines.js';

/** Every kind of deadline that the clock watches. */
export const deadlineSources: readonly AnyDeadlineSource[] = [followUpDeadline];
