import { contexts } from '../../libs/domain/contexts.js';
import { CommandRegistry, type Registered } from '../../libs/dispatch/registry.js';
import type { Step } from '../support/api.js';
import { calendarFeedSamples, caseSamples, clientSamples, followUpSamples, meetingSamples, surveySamples, taskSamples } from './samples/care.js';
import { automationSamples, bonusSamples, contactSamples, enablementSamples, memberSamples, policySamples, reportsSamples, targetSamples, workLogSamples } from './samples/company.js';
import { Scene } from './samples/scene.js';
import { campaignSamples, contractSamples, dealSamples, leadSamples } from './samples/selling.js';

const samples: Readonly<Record<string, (scene: Scene) => object>> = {
  ...policySamples, ...memberSamples, ...leadSamples, ...contactSamples, ...campaignSamples, ...meetingSamples, ...calendarFeedSamples, ...followUpSamples, ...dealSamples, ...contractSamples, ...clientSamples,
  ...caseSamples, ...surveySamples, ...taskSamples, ...targetSamples, ...bonusSamples, ...workLogSamples, ...enablementSamples, ...automationSamples, ...reportsSamples,
};

/** Every command of every context. */
export const commands: readonly Registered[] = new CommandRegistry(contexts).all();

/** The names of the commands there is a sample of. */
export const sampledCommands: readonly string[] = Object.keys(samples);

export interface Sample {
  /** What must have happened before, in order. */
  readonly before: readonly Step[];
  /** The command itself, valid, with every field it knows. */
  readonly step: Step;
}

/** A new sample of a command, with ids that no log holds. @throws when there is none: `commands.spec` says so by name */
export function sampleOf({ command, spec }: Pick<Registered, 'command' | 'spec'>): Sample {
  const sample = samples[spec.name];
  if (!sample) throw new Error(`there is no sample of ${spec.name}`);
  const scene = new Scene();
  const fields = sample(scene);
  return { before: scene.steps, step: { command, fields: { ...fields } } };
}
