import { streamOf, type StreamFold } from '../../kernel/context.js';
import type { MaterialEvent } from './events.js';
import type { MaterialStanding } from './state.js';

export const ENABLEMENT_CATEGORY = 'enablement';

const CERTIFICATE_PREFIX = 'certificate.';
export const certificateId = (id: string): string => `${CERTIFICATE_PREFIX}${id}`;
/** The certificate of an aggregate that is one. */
export const certificationOf = (aggregateId: string): string => aggregateId.slice(CERTIFICATE_PREFIX.length);

export const materialId = (id: string): string => `material.${id}`;
export const materialStream = (id: string): string => streamOf(ENABLEMENT_CATEGORY, materialId(id));

/** A material as last published. */
export const materialStanding: StreamFold<MaterialStanding, MaterialEvent> = {
  initial: { status: 'unknown' },
  evolve: (state, event) => (event.type === 'MaterialPublished' ? { status: 'published', edition: event.data.edition } : state),
};
