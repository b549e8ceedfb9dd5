import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import type { FlatRecord } from '../flat-record.js';
import { BEFORE_ALL } from '../in-force.js';
import { sameJson } from '../same-json.js';
import type { PublishReport, ReportsCommand } from './commands.js';
import type { ReportDefinition, ReportsEvent } from './events.js';

interface Publication {
  readonly definition: ReportDefinition;
  readonly position: number;
  readonly asOf: Instant;
  readonly figures: Readonly<Record<string, unknown>>;
}

export interface DefinedReport {
  readonly status: 'defined';
  readonly name: string;
  readonly report: string;
  readonly params: FlatRecord;
  readonly definedAt: Instant;
  /** The latest since it was last defined. */
  readonly published?: Publication;
}

export type Report = { readonly status: 'absent' } | DefinedReport;

export type ReportsRefusal = 'report_not_found' | 'report_defined_out_of_order' | 'report_as_of_future' | 'report_figures_differ';

export const reportsRefusals: RefusalCatalog<ReportsRefusal> = {
  report_not_found: { kind: 'not_found', title: 'No report has this id.' },
  report_defined_out_of_order: { kind: 'invalid', title: 'A report cannot be defined anew before it was last defined; give a later occurredAt.' },
  report_as_of_future: { kind: 'invalid', title: 'A report cannot show what will be known later than now.' },
  report_figures_differ: { kind: 'conflict', title: 'Other figures were published for the same definition, position and moment; one of the two is wrong.' },
};

/** A report that someone stands by: defined, and published as often as needed. What was published stays. */
export const report: Decider<ReportsCommand, Report, ReportsEvent, ReportsRefusal> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    switch (event.type) {
      case 'ReportDefined': {
        const { name, report: kind, params } = event.data;
        return { status: 'defined', name, report: kind, params, definedAt: event.occurredAt ?? BEFORE_ALL };
      }
      case 'ReportPublished': {
        if (state.status === 'absent') return state;
        const { definition, position, asOf, figures } = event.data;
        return { ...state, published: { definition, position, asOf, figures } };
      }
    }
  },

  decide(state, command, { now, occurredAt }) {
    switch (command.type) {
      case 'DefineReport': {
        const { reportId, name, report: kind, params } = command;
        if (state.status === 'defined' && state.name === name && state.report === kind && sameJson(state.params, params)) return accept();
        if (state.status === 'defined' && occurredAt < state.definedAt) return refuse('report_defined_out_of_order', `defined ${state.definedAt}, said to happen ${occurredAt}`);
        return accept({ type: 'ReportDefined', data: { reportId, name, report: kind, params } });
      }
      case 'PublishReport': return state.status === 'absent' ? refuse('report_not_found') : publish(state, command, now);
    }
  },
};

function publish({ report: kind, params, published }: DefinedReport, { reportId, figures, definition, position, asOf }: PublishReport, now: Instant): Decision<ReportsEvent, ReportsRefusal> {
  if (asOf > now) return refuse('report_as_of_future', `asOf ${asOf}, now ${now}`);
  const sameGround = published && published.position === position && published.asOf === asOf && sameJson(published.definition, definition);
  if (sameGround) return sameJson(published.figures, figures) ? accept() : refuse('report_figures_differ', `position ${position}`);
  return accept({ type: 'ReportPublished', data: { reportId, report: kind, params, figures, definition, position, asOf } });
}
