import { randomUUID } from 'node:crypto';
import { OnboardClient } from '../../../libs/domain/client/commands.js';
import { DraftContract } from '../../../libs/domain/contract/commands.js';
import { OpenCase } from '../../../libs/domain/case/commands.js';
import { OpenDeal } from '../../../libs/domain/deal/commands.js';
import { CaptureLead } from '../../../libs/domain/lead/commands.js';
import { AddMember } from '../../../libs/domain/member/commands.js';
import { DefinePipeline } from '../../../libs/domain/policy/commands.js';
import type { SubjectRef } from '../../../libs/domain/subject.js';
import type { CommandClass, CommandFields, CommandMessage } from '../../../libs/kernel/command.js';
import type { Instant, LocalDate, Money, Role } from '../../../libs/kernel/event.js';
import type { Step } from '../../support/api.js';

const DAY_MS = 86_400_000;

/** An id that no log holds yet. */
export const freshId = (kind: string): string => `${kind}-${randomUUID()}`;

/** The moment so many days from now; before now when negative. */
export const inDays = (days: number): Instant => new Date(Date.now() + days * DAY_MS).toISOString();

/** The calendar day (UTC) so many days from now. */
export const dayIn = (days: number): LocalDate => inDays(days).slice(0, '2026-03-01'.length);

export const euros = (amount: number): Money => ({ amountMinor: amount * 100, currency: 'EUR' });

/** The stages of the pipelines defined here, in order. */
export const STAGES = ['discovery', 'proposal', 'negotiation'] as const;

/**
 * What must have happened before a command can be carried out, and who is there. Each method adds the commands that
 * bring something into being and returns its id; every scene has ids of its own.
 */
export class Scene {
  readonly steps: Step[] = [];

  /** Adds a command that comes first. */
  given<C extends CommandMessage>(command: CommandClass<C>, fields: CommandFields<C>, occurredAt?: Instant): this {
    this.steps.push({ command, fields: { ...fields }, ...(occurredAt && { occurredAt }) });
    return this;
  }

  member(role: Role = 'coordinator'): string {
    const memberId = freshId('member');
    this.given(AddMember, { memberId, name: 'Ada Quist', role, zone: 'UTC' }, inDays(-2_000));
    return memberId;
  }

  lead(): string {
    const leadId = freshId('lead');
    this.given(CaptureLead, { leadId, source: 'fair', company: 'Vela Marine' });
    return leadId;
  }

  pipeline(): string {
    const pipelineId = freshId('pipeline');
    this.given(DefinePipeline, { pipelineId, name: 'New business', stages: STAGES.map((stage, index) => ({ stage, name: stage, probabilityPercent: 20 + 30 * index })) });
    return pipelineId;
  }

  /** An open deal of 12,500 euros in the first stage. */
  deal(ownerId = this.member()): string {
    const dealId = freshId('deal');
    this.given(OpenDeal, { dealId, name: 'Vela Marine, fleet licence', ownerId, value: euros(12_500), pipelineId: this.pipeline() });
    return dealId;
  }

  /** A client who pays 900 euros a month. */
  client(ownerId = this.member()): string {
    const clientId = freshId('client');
    this.given(OnboardClient, { clientId, name: 'Vela Marine', ownerId, monthlyRevenue: euros(900), renewalOn: dayIn(200) });
    return clientId;
  }

  contract(): string {
    const contractId = freshId('contract');
    const ownerId = this.member();
    this.given(DraftContract, { contractId, dealId: this.deal(ownerId), ownerId, dueAt: inDays(10) });
    return contractId;
  }

  /** An open case about a lead; opened at `occurredAt`, left out: now. */
  case(occurredAt?: Instant, ownerId = this.member()): string {
    const caseId = freshId('case');
    this.given(OpenCase, { caseId, kind: 'inquiry', subject: this.subject(), ownerId, title: 'Does it run offshore?' }, occurredAt);
    return caseId;
  }

  /** Something a follow-up, meeting or task can be about. */
  subject(): SubjectRef {
    return { kind: 'lead', id: this.lead() };
  }
}

/**
 * A believable, valid command of each type of a context, with every field it knows; it asks the scene for what must have
 * happened before. The type sees to it that no command is left out.
 */
export type Samples<C extends CommandMessage> = { readonly [Name in C['type']]: (scene: Scene) => CommandFields<Extract<C, { type: Name }>> };
