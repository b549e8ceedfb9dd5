import { build } from '../../../libs/kernel/command.js';
import { DefinePipeline } from '../../../libs/domain/policy/commands.js';
import { policyContext } from '../../../libs/domain/policy/policy.context.js';
import { transact, type Ledger } from '../../../libs/eventstore/transact.js';

/** A fixed id: whoever defines the pipeline anew later is not overruled at the next start. */
const COMMAND_ID = 'setup:default-pipeline';

const DEFAULT_PIPELINE = build(DefinePipeline, {
  pipelineId: 'default',
  name: 'Sales',
  stages: [
    { stage: 'prospecting', name: 'Prospecting', probabilityPercent: 10, serviceLevelDays: 14 },
    { stage: 'qualification', name: 'Qualification', probabilityPercent: 25, serviceLevelDays: 14 },
    { stage: 'proposal', name: 'Proposal', probabilityPercent: 50, serviceLevelDays: 21 },
    { stage: 'negotiation', name: 'Negotiation', probabilityPercent: 75, serviceLevelDays: 14 },
  ],
});

/** Gives an empty log the pipeline that a deal is opened in when it names none. Changes nothing the second time. */
export async function setUpDefaults(ledger: Ledger): Promise<void> {
  const outcome = await transact(ledger, policyContext, [{ command: DEFAULT_PIPELINE, commandId: COMMAND_ID, actor: { id: 'setup', role: 'system' } }]);
  if (!outcome.accepted && outcome.refusal.code !== 'command_id_reused') throw new Error(`the default pipeline was refused: ${outcome.refusal.title}`);
}
