import type { AnyDeadlineSource } from '../kernel/deadline.js';
import { firstResponseDeadline, promiseDeadline, resolutionDeadline } from './case/deadlines.js';
import { renewalDeadline } from './client/deadlines.js';
import { contractDeadline } from './contract/deadlines.js';
import { certificateDeadline } from './enablement/deadlines.js';
import { followUpDeadline } from './follow-up/deadlines.js';
import { taskDeadline } from './task/deadlines.js';

/** Every kind of deadline that the clock watches. */
export const deadlineSources: readonly AnyDeadlineSource[] = [followUpDeadline, contractDeadline, taskDeadline, firstResponseDeadline, resolutionDeadline, promiseDeadline, renewalDeadline, certificateDeadline];
