import type { EventCatalog, Instant } from '../../kernel/event.js';
import type { FlatRecord } from '../flat-record.js';

/** The definition of the figures, as it was when they were worked out. */
export interface ReportDefinition {
  readonly name: string;
  readonly version: number;
}

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type ReportsEvent =
  /** `report` is the report's kind (funnel, retention); defined again under the same id, it replaces the earlier definition. */
  | { type: 'ReportDefined'; data: { reportId: string; name: string; report: string; params: FlatRecord } }
  | {
      type: 'ReportPublished';
      /** `figures` as they were, with all that is needed to work them out again: `report` and `params`, the definition's version, the log position and the moment of knowledge. */
      data: { reportId: string; report: string; params: FlatRecord; figures: Readonly<Record<string, unknown>>; definition: ReportDefinition; position: number; asOf: Instant };
    };

export const reportsEvents: EventCatalog<ReportsEvent> = {
  ReportDefined: { version: 1, personal: [] },
  ReportPublished: { version: 1, personal: [] },
};
