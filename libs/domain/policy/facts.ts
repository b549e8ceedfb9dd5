import { streamOf, type StreamFold, type StreamReader } from '../../kernel/context.js';
import type { Instant } from '../../kernel/event.js';
import { BEFORE_ALL, inForce, placed, sinceEver, standingAt, standingNow, type Change, type Dated } from '../in-force.js';
import type { WorkCalendar } from '../work-calendar.js';
import type { PipelineStage, PolicyEvent, PolicySettings } from './events.js';

/** Settings of a company that has set none: every figure here is a default that SetPolicy overrides. */
export const DEFAULT_SETTINGS: Required<PolicySettings> = {
  zone: 'UTC', currency: 'EUR', fiscalYearStartMonth: 1, followUpGraceMinutes: 0, leadResponseMinutes: 240, caseResponseMinutes: 480, caseResolutionMinutes: 2_880, contractTurnaroundDays: 14,
  businessDays: [1, 2, 3, 4, 5], businessHours: { from: '09:00', to: '17:00' }, holidays: [], noContactDays: 60,
};

export const SETTINGS_STREAM = streamOf('policy', 'settings');
export const pipelineStream = (pipelineId: string): string => streamOf('policy', `pipeline.${pipelineId}`);

/** What the company has laid down of its settings, in the order in which it came into force. */
export type SettingsHistory = readonly Change<Required<PolicySettings>>[];

export const settingsHistory: StreamFold<SettingsHistory, PolicyEvent> = {
  initial: [],
  evolve: (history, event) => (event.type === 'PolicySet' ? placed(history, { at: event.occurredAt ?? BEFORE_ALL, ...event.data.settings }) : history),
};

/** The company's settings at a moment. What a figure was first set to holds for the time before, too. */
export const settingsIn = (history: SettingsHistory, at: Instant): Required<PolicySettings> =>
  (history.length === 0 ? DEFAULT_SETTINGS : standingAt<Required<PolicySettings>>(sinceEver(DEFAULT_SETTINGS, history), history, at));

/** The company's settings after all that was laid down. */
export const settingsNow = (history: SettingsHistory): Required<PolicySettings> => standingNow<Required<PolicySettings>>(DEFAULT_SETTINGS, history);

/** The company's settings as they were in force when something happened. */
export const settingsAt = async (read: StreamReader, at: Instant): Promise<Required<PolicySettings>> => settingsIn(await read.fold(SETTINGS_STREAM, settingsHistory), at);

/** The company's business hours; for members who have no work calendar of their own, on the clocks of their `zone`. */
export const companyCalendar = (settings: Required<PolicySettings>, zone = settings.zone): WorkCalendar =>
  ({ zone, weekdays: settings.businessDays, hours: settings.businessHours, holidays: settings.holidays });

/** A definition of a pipeline, from a moment on. */
export interface PipelineDefinition extends Dated {
  readonly name: string;
  readonly stages: readonly PipelineStage[];
}

/** The definitions of a pipeline in the order in which they came into force; empty while it is not defined. */
export const pipelineHistory: StreamFold<readonly PipelineDefinition[], PolicyEvent> = {
  initial: [],
  evolve(history, event) {
    if (event.type !== 'PipelineDefined') return history;
    return placed(history, { at: event.occurredAt ?? BEFORE_ALL, name: event.data.name, stages: event.data.stages });
  },
};

/** The stages, in their order, that a pipeline had when something happened; its first for the time before. undefined: it is not defined. */
export const stagesAt = async (read: StreamReader, pipelineId: string, at: Instant): Promise<readonly PipelineStage[] | undefined> =>
  inForce(await read.fold(pipelineStream(pipelineId), pipelineHistory), at)?.stages;
