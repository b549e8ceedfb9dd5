import { Command } from '../../kernel/command.js';
import type { LocalDate } from '../../kernel/event.js';
import { ID_PATTERN, IsDay, IsId, IsOneOf, IsShape, IsText, IsWhole, type FieldOptions } from '../../kernel/fields.js';
import { MATERIAL_KINDS, MATERIAL_SUBJECT_KINDS, type MaterialKind, type MaterialSubject } from './events.js';

const SELLERS = ['coordinator', 'executive', 'manager', 'admin'] as const;
const LEADERS = ['manager', 'admin'] as const;
const WORD_LENGTH_MAX = 100;
const NAME_LENGTH_MAX = 200;
const URL_LENGTH_MAX = 500;
const PERCENT_MAX = 100;

const isMaterialSubject = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && MATERIAL_SUBJECT_KINDS.some((known) => known === kind) && typeof id === 'string' && ID_PATTERN.test(id);
};

/** `{ "kind": "deal", "id": "…" }` */
const IsMaterialSubject = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isMaterialSubject, `must be { "kind": ${MATERIAL_SUBJECT_KINDS.join(' | ')}, "id": identifier }`, {
    type: 'object', properties: { kind: { type: 'string', enum: [...MATERIAL_SUBJECT_KINDS] }, id: { type: 'string', pattern: ID_PATTERN.source } }, required: ['kind', 'id'], additionalProperties: false, selfRequired: !options.optional,
  }, options);

@Command({ path: 'POST /trainings', roles: LEADERS, summary: 'Give a member a course to take' })
export class AssignTraining {
  declare readonly type: 'AssignTraining';
  @IsId() trainingId!: string;
  @IsId({ description: 'The member who is to take it' }) memberId!: string;
  @IsText({ max: NAME_LENGTH_MAX }) course!: string;
  @IsDay({ optional: true, description: 'The last day on which it is done in time' }) dueOn?: LocalDate;
}

@Command({ path: 'POST /trainings/:trainingId/complete', roles: SELLERS, summary: 'Say that a course was taken, and with what result' })
export class CompleteTraining {
  declare readonly type: 'CompleteTraining';
  @IsId() trainingId!: string;
  @IsWhole(0, PERCENT_MAX, { optional: true }) scorePercent?: number;
}

@Command({ path: 'POST /certifications', roles: SELLERS, summary: 'Record a certificate of a member; again with a later day of issue: that it was renewed' })
export class RecordCertification {
  declare readonly type: 'RecordCertification';
  @IsId() certificationId!: string;
  @IsId({ description: 'The member who holds it' }) memberId!: string;
  @IsText({ max: NAME_LENGTH_MAX }) certificate!: string;
  @IsDay() issuedOn!: LocalDate;
  @IsDay({ optional: true, description: 'The last day on which it is valid; left out: for good' }) expiresOn?: LocalDate;
  @IsText({ optional: true, max: NAME_LENGTH_MAX }) issuer?: string;
}

@Command({ path: 'POST /certifications/:certificationId/expire', roles: ['system'], summary: 'The alarm of a last day: marks the certificate expired if that day still stands and is over' })
export class MarkCertificateExpired {
  declare readonly type: 'MarkCertificateExpired';
  @IsId() certificationId!: string;
  @IsDay({ description: 'The last day the alarm was set for' }) expiresOn!: LocalDate;
}

@Command({ path: 'POST /materials', roles: SELLERS, summary: 'Publish sales material; again with other content: a new edition' })
export class PublishMaterial {
  declare readonly type: 'PublishMaterial';
  @IsId() materialId!: string;
  @IsText({ max: NAME_LENGTH_MAX }) title!: string;
  @IsOneOf(MATERIAL_KINDS) kind!: MaterialKind;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) edition?: string;
  @IsText({ optional: true, max: WORD_LENGTH_MAX }) product?: string;
  @IsText({ optional: true, max: URL_LENGTH_MAX, description: 'Where it is kept' }) url?: string;
}

@Command({ path: 'POST /materials/:materialId/share', roles: SELLERS, summary: 'Say that a member showed material to a deal or lead' })
export class ShareMaterial {
  declare readonly type: 'ShareMaterial';
  @IsId() materialId!: string;
  @IsMaterialSubject() subject!: MaterialSubject;
  @IsId({ description: 'The member who shared it' }) memberId!: string;
}

export type TrainingCommand = AssignTraining | CompleteTraining;
export type MaterialCommand = PublishMaterial | ShareMaterial;
export type EnablementCommand = TrainingCommand | RecordCertification | MarkCertificateExpired | MaterialCommand;
