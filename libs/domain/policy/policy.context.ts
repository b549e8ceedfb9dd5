import { context, noFacts } from '../../kernel/context.js';
import { DefinePipeline, SetPolicy } from './commands.js';
import { pipelinePolicyId, policy, policyRefusals, SETTINGS_ID } from './decider.js';
import { policyEvents } from './events.js';

export const policyContext = context({
  name: 'policy',
  category: 'policy',
  idField: 'policyId',
  aggregateId: (command) => (command.type === 'DefinePipeline' ? pipelinePolicyId(command.pipelineId) : SETTINGS_ID),
  commands: [DefinePipeline, SetPolicy],
  events: policyEvents,
  refusals: policyRefusals,
  decider: policy,
  facts: noFacts,
});
