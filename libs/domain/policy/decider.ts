import { accept, refuse, type Decider, type Decision } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { standingNow, type Dated } from '../in-force.js';
import { inOrder } from '../work-calendar.js';
import type { DefinePipeline, PolicyCommand, SetPolicy } from './commands.js';
import type { PipelineStage, PolicyEvent, PolicySettings } from './events.js';
import { pipelineHistory, settingsHistory, type PipelineDefinition, type SettingsHistory } from './facts.js';

/** One of two kinds, each in streams of its own: a pipeline, or the company's settings. What was laid down late takes its place in time. */
export type Policy =
  | { readonly status: 'absent' }
  | { readonly status: 'pipeline'; readonly definitions: readonly PipelineDefinition[] }
  | { readonly status: 'settings'; readonly settings: SettingsHistory };

export type PolicyRefusal = 'policy_empty';

export const policyRefusals: RefusalCatalog<PolicyRefusal> = {
  policy_empty: { kind: 'invalid', title: 'A policy must set at least one figure.' },
};

/** The one stream that holds the company's settings. */
export const SETTINGS_ID = 'settings';
export const pipelinePolicyId = (pipelineId: string): string => `pipeline.${pipelineId}`;

/** What the company has laid down. Whoever lays down the same again changes nothing. */
export const policy: Decider<PolicyCommand, Policy, PolicyEvent, PolicyRefusal, object> = {
  initial: { status: 'absent' },

  evolve(state, event) {
    switch (event.type) {
      case 'PipelineDefined': return { status: 'pipeline', definitions: pipelineHistory.evolve(state.status === 'pipeline' ? state.definitions : [], event) };
      case 'PolicySet': return { status: 'settings', settings: settingsHistory.evolve(state.status === 'settings' ? state.settings : [], event) };
    }
  },

  decide(state, command, { occurredAt }) {
    switch (command.type) {
      case 'DefinePipeline': return definePipeline(state, command, occurredAt);
      case 'SetPolicy': return setPolicy(state.status === 'settings' ? state.settings : [], command, occurredAt);
    }
  },
};

function definePipeline(state: Policy, { pipelineId, name, stages: given }: DefinePipeline, occurredAt: Instant): Decision<PolicyEvent, PolicyRefusal> {
  const stages = given.map(({ stage, name: title, probabilityPercent, serviceLevelDays }) => ({ stage, name: title.trim(), probabilityPercent, ...(serviceLevelDays !== undefined && { serviceLevelDays }) }));
  const standing = state.status === 'pipeline' ? laidDown(state.definitions, occurredAt).at(-1) : undefined;
  return standing?.name === name && sameStages(standing.stages, stages) ? accept() : accept({ type: 'PipelineDefined', data: { policyId: pipelinePolicyId(pipelineId), pipelineId, name, stages } });
}

/** What was laid down by a moment. What holds for the time before the first is not laid down: it can still be said. */
const laidDown = <T extends Dated>(history: readonly T[], at: Instant): readonly T[] => history.filter((entry) => entry.at <= at);

const sameStages = (a: readonly PipelineStage[], b: readonly PipelineStage[]): boolean =>
  a.length === b.length &&
  a.every(({ stage, name, probabilityPercent, serviceLevelDays }, index) => {
    const other = b[index];
    return stage === other?.stage && name === other.name && probabilityPercent === other.probabilityPercent && serviceLevelDays === other.serviceLevelDays;
  });

/** Writes the figures that differ, no others: an event names what changed. */
function setPolicy(history: SettingsHistory, command: SetPolicy, occurredAt: Instant): Decision<PolicyEvent, PolicyRefusal> {
  const given = settingsOf(command);
  if (Object.keys(given).length === 0) return refuse('policy_empty');
  const standing = standingNow<PolicySettings>({}, laidDown(history, occurredAt));
  const said = new Map(Object.entries(standing).map(([figure, value]) => [figure, JSON.stringify(value)]));
  const settings: PolicySettings = Object.fromEntries(Object.entries(given).filter(([figure, value]) => JSON.stringify(value) !== said.get(figure)));
  return Object.keys(settings).length === 0 ? accept() : accept({ type: 'PolicySet', data: { policyId: SETTINGS_ID, settings } });
}

/** The figures a command names, each in the one spelling that is stored. */
function settingsOf({ zone, currency, fiscalYearStartMonth, followUpGraceMinutes, leadResponseMinutes, caseResponseMinutes, caseResolutionMinutes, contractTurnaroundDays, businessDays, businessHours, holidays, noContactDays }: SetPolicy): PolicySettings {
  const named = {
    zone, currency, fiscalYearStartMonth, followUpGraceMinutes, leadResponseMinutes, caseResponseMinutes, caseResolutionMinutes, contractTurnaroundDays,
    businessDays: businessDays && inOrder(businessDays), businessHours: businessHours && { from: businessHours.from, to: businessHours.to }, holidays: holidays && inOrder(holidays), noContactDays,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
