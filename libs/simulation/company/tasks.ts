import { AllocateTask, CancelTask, CompleteTask, ReassignTask } from '../../domain/task/commands.js';
import type { SubjectRef } from '../../domain/subject.js';
import { build } from '../../kernel/command.js';
import { instant } from '../world.js';
import type { Company } from './company.js';
import type { Held, Person } from './person.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

const CANCEL_CHANCE = 0.05;
const REASSIGN_CHANCE = 0.07;
/** Of those not done in time, how many are done later. */
const LATE_CHANCE = 0.75;

export interface TaskPlan {
  readonly title: string;
  readonly subject?: SubjectRef;
}

/** Gives somebody a piece of work, which is done in time, late, or not at all. */
export function allocateTask(company: Company, owner: Person, { title, subject }: TaskPlan): void {
  const taskId = company.world.id('task');
  const random = company.world.random.fork(taskId);
  const estimateMinutes = random.pick([15, 30, 30, 45, 60, 90, 120, 240]);
  const dueMs = company.slot(owner, random.whole(1, 8), random);
  let isOpen = true;
  const task: Held = { owner, handOver: (from) => company.send(company.managerOf(from), build(ReassignTask, { taskId, ownerId: task.owner.id, reason: `${from.name} leaves` })) };
  const later = (atMs: number, run: () => void): void => company.world.at(atMs, () => { if (isOpen) run(); });
  const close = (): void => {
    isOpen = false;
    company.release(task);
  };
  const complete = (): void => {
    company.send(task.owner, build(CompleteTask, { taskId, spentMinutes: Math.round(estimateMinutes * random.lognormal(1.05, 0.4)) }));
    close();
  };
  const byDueTime = (): number => Math.max(company.nowMs + HOUR_MS / 3, random.between(company.nowMs, dueMs));
  const giver = random.chance(0.6) ? owner : company.managerOf(owner);

  company.hold(task);
  company.send(giver, build(AllocateTask, { taskId, title, ownerId: owner.id, dueAt: instant(dueMs), estimateMinutes, ...(subject && { subject }), ...(estimateMinutes >= 120 && { weight: 2 }) }));
  if (random.chance(CANCEL_CHANCE)) {
    return later(byDueTime(), () => {
      company.send(task.owner, build(CancelTask, { taskId, reason: 'no longer needed' }));
      close();
    });
  }
  if (random.chance(REASSIGN_CHANCE)) {
    later(byDueTime(), () => {
      const to = company.someone(task.owner.role, random, { region: task.owner.region, not: task.owner });
      if (to === task.owner) return;
      company.send(company.managerOf(task.owner), build(ReassignTask, { taskId, ownerId: to.id, reason: 'has more room' }));
      company.pass(task, to);
    });
  }
  if (random.chance(owner.diligence)) return later(byDueTime(), complete);
  if (random.chance(LATE_CHANCE)) later(dueMs + random.lognormal(1, 0.9) * owner.pace * DAY_MS, complete);
}
