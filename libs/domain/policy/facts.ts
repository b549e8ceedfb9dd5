import { streamOf, type StreamFold } from '../../kernel/context.js';
import type { WorkCalendar } from '../work-calendar.js';
import type { PipelineStage, PolicyEvent, PolicySettings } from './events.js';

/** Settings of a company that has set none: every figure here is a default that SetPolicy overrides. */
export const DEFAULT_SETTINGS: Required<PolicySettings> = {
  zone: 'UTC', currency: 'EUR', fiscalYearStartMonth: 1, followUpGraceMinutes: 0, leadResponseMinutes: 240, caseResponseMinutes: 480, caseResolutionMinutes: 2_880, contractTurnaroundDays: 14,
  businessDays: [1, 2, 3, 4, 5], businessHours: { from: '09:00', to: '17:00' }, holidays: [], noContactDays: 60,
};

export const SETTINGS_STREAM = streamOf('policy', 'settings');
export const pipelineStream = (pipelineId: string): string => streamOf('policy', `pipeline.${pipelineId}`);

/** The company's settings as they stand: later PolicySet events override single figures of earlier ones. */
export const companySettings: StreamFold<Required<PolicySettings>, PolicyEvent> = {
  initial: DEFAULT_SETTINGS,
  evolve: (state, event) => (event.type === 'PolicySet' ? { ...state, ...event.data.settings } : state),
};

/** The company's business hours; for members who have no work calendar of their own, on the clocks of their `zone`. */
export const companyCalendar = (settings: Required<PolicySettings>, zone = settings.zone): WorkCalendar =>
  ({ zone, weekdays: settings.businessDays, hours: settings.businessHours, holidays: settings.holidays });

/** The stages of a pipeline in their order; undefined while it is not defined. */
export const pipelineStages: StreamFold<readonly PipelineStage[] | undefined, PolicyEvent> = {
  initial: undefined,
  evolve: (state, event) => (event.type === 'PipelineDefined' ? event.data.stages : state),
};
