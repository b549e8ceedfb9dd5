import { IsShape, ID_PATTERN, type FieldOptions } from '../kernel/fields.js';
import { streamOf, type StreamReader } from '../kernel/context.js';

/** What a follow-up, meeting or task is about: the kinds and the category of their streams. */
export const SUBJECT_CATEGORIES = { lead: 'lead', deal: 'deal', client: 'client', case: 'case', contract: 'contract' } as const;
export type SubjectKind = keyof typeof SUBJECT_CATEGORIES;
export const SUBJECT_KINDS = Object.keys(SUBJECT_CATEGORIES) as SubjectKind[]; // the keys of a const object are its key type

export interface SubjectRef {
  readonly kind: SubjectKind;
  readonly id: string;
}

const isSubject = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, ...rest } = value as Record<string, unknown>; // any non-null object may be read so
  return Object.keys(rest).length === 0 && typeof kind === 'string' && Object.hasOwn(SUBJECT_CATEGORIES, kind) && typeof id === 'string' && ID_PATTERN.test(id);
};

/** `{ "kind": "lead", "id": "…" }` */
export const IsSubject = (options: FieldOptions = {}): PropertyDecorator =>
  IsShape(isSubject, `must be { "kind": ${SUBJECT_KINDS.join(' | ')}, "id": identifier }`, {
    type: 'object', properties: { kind: { type: 'string', enum: SUBJECT_KINDS }, id: { type: 'string' } }, required: ['kind', 'id'], additionalProperties: false, selfRequired: !options.optional,
  }, options);

/** Whether the subject is in the log. */
export const subjectExists = (read: StreamReader, subject: SubjectRef): Promise<boolean> => read.exists(streamOf(SUBJECT_CATEGORIES[subject.kind], subject.id));
