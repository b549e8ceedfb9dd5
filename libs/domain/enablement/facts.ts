import { streamOf, type StreamFold, type StreamReader } from '../../kernel/context.js';
import type { Instant } from '../../kernel/event.js';
import { BEFORE_ALL, inForce, placed, type Dated } from '../in-force.js';
import type { MaterialEvent } from './events.js';
import type { MaterialStanding } from './state.js';

export const ENABLEMENT_CATEGORY = 'enablement';

const CERTIFICATE_PREFIX = 'certificate.';
export const certificateId = (id: string): string => `${CERTIFICATE_PREFIX}${id}`;
/** The certificate of an aggregate that is one. */
export const certificationOf = (aggregateId: string): string => aggregateId.slice(CERTIFICATE_PREFIX.length);

export const materialId = (id: string): string => `material.${id}`;
export const materialStream = (id: string): string => streamOf(ENABLEMENT_CATEGORY, materialId(id));

type Publications = readonly (Dated & { readonly edition?: string })[];

const publications: StreamFold<Publications, MaterialEvent> = {
  initial: [],
  evolve: (state, event) => (event.type === 'MaterialPublished' ? placed(state, { at: event.occurredAt ?? BEFORE_ALL, edition: event.data.edition }) : state),
};

/** A material as it was published when something happened. */
export async function materialAt(read: StreamReader, id: string, at: Instant): Promise<MaterialStanding> {
  const found = inForce(await read.fold(materialStream(id), publications), at);
  return found ? { status: 'published', edition: found.edition } : { status: 'unknown' };
}
