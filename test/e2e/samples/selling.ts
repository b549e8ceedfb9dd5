import { LaunchCampaign, type CampaignCommand } from '../../../libs/domain/campaign/commands.js';
import { DraftContract, type ContractCommand } from '../../../libs/domain/contract/commands.js';
import { CloseDeal, RaiseRoadblock, type DealCommand } from '../../../libs/domain/deal/commands.js';
import { DisqualifyLead, QualifyLead, type LeadCommand } from '../../../libs/domain/lead/commands.js';
import { dayIn, euros, freshId, inDays, STAGES, type Samples, type Scene } from './scene.js';

const PER_UNIT_MICRO = 950_000;

export const leadSamples: Samples<LeadCommand> = {
  CaptureLead: (scene) => ({
    leadId: freshId('lead'), source: 'fair', contactName: 'Bo Lind', contactEmail: 'bo.lind@vela.example', contactPhone: '+41 44 555 01 02', company: 'Vela Marine', region: 'north', segment: 'mid-market',
    product: 'fleet', campaignId: freshId('campaign'), ownerId: scene.member(), note: 'Asked for a demonstration.',
  }),
  AssignLead: (scene) => ({ leadId: scene.lead(), ownerId: scene.member(), reason: 'Speaks Danish.' }),
  RecordContact: (scene) => ({ leadId: scene.lead(), memberId: scene.member(), channel: 'call', direction: 'outbound', automated: false, note: 'Call back on Monday.' }),
  ScoreLead: (scene) => ({ leadId: scene.lead(), score: 72, model: 'fit-2026' }),
  QualifyLead: (scene) => ({ leadId: scene.lead(), note: 'Budget is there.' }),
  DisqualifyLead: (scene) => ({ leadId: scene.lead(), reason: 'no_budget', note: 'Perhaps next year.' }),
  ReopenLead: (scene) => {
    const leadId = scene.lead();
    scene.given(DisqualifyLead, { leadId, reason: 'bad_timing' });
    return { leadId, reason: 'They wrote again.' };
  },
  MergeLead: (scene) => ({ leadId: scene.lead(), intoLeadId: scene.lead() }),
  ConvertLead: (scene) => {
    const leadId = scene.lead();
    scene.given(QualifyLead, { leadId });
    return { leadId, dealId: freshId('deal'), clientId: freshId('client') };
  },
};

function launched(scene: Scene): string {
  const campaignId = freshId('campaign');
  scene.given(LaunchCampaign, { campaignId, name: 'Boat show', channel: 'event', startsOn: dayIn(-30) });
  return campaignId;
}

export const campaignSamples: Samples<CampaignCommand> = {
  LaunchCampaign: () => ({ campaignId: freshId('campaign'), name: 'Boat show', channel: 'event', startsOn: dayIn(-3), endsOn: dayIn(4), budget: euros(8_000) }),
  EndCampaign: (scene) => ({ campaignId: launched(scene), spent: euros(7_450), note: 'The stand was cheaper.' }),
  AttributeLead: (scene) => ({ campaignId: launched(scene), leadId: scene.lead() }),
};

export const dealSamples: Samples<DealCommand> = {
  OpenDeal: (scene) => ({
    dealId: freshId('deal'), name: 'Vela Marine, fleet licence', ownerId: scene.member('executive'), value: euros(12_500), rate: { to: 'CHF', perUnitMicro: PER_UNIT_MICRO }, pipelineId: scene.pipeline(), stage: STAGES[1],
    leadId: scene.lead(), clientId: freshId('client'), company: 'Vela Marine', segment: 'mid-market', region: 'north', product: 'fleet', source: 'fair', campaignId: freshId('campaign'), expectedCloseOn: dayIn(40),
  }),
  MoveDealStage: (scene) => ({ dealId: scene.deal(), stage: STAGES[2] }),
  ReviseDealValue: (scene) => ({ dealId: scene.deal(), value: euros(14_000), rate: { to: 'CHF', perUnitMicro: PER_UNIT_MICRO }, expectedCloseOn: dayIn(50), reason: 'Two more vessels.' }),
  ReassignDeal: (scene) => ({ dealId: scene.deal(), ownerId: scene.member(), reason: 'Parental leave.' }),
  SplitDealCredit: (scene) => ({ dealId: scene.deal(), shares: [{ memberId: scene.member(), percent: 60 }, { memberId: scene.member('executive'), percent: 40 }] }),
  RaiseRoadblock: (scene) => ({ dealId: scene.deal(), roadblockId: freshId('roadblock'), cause: 'legal', note: 'Liability clause.' }),
  ClearRoadblock: (scene) => {
    const dealId = scene.deal();
    const roadblockId = freshId('roadblock');
    scene.given(RaiseRoadblock, { dealId, roadblockId, cause: 'legal' });
    return { dealId, roadblockId, note: 'Clause agreed.' };
  },
  CloseDeal: (scene) => ({ dealId: scene.deal(), outcome: 'lost', value: euros(11_000), rate: { to: 'CHF', perUnitMicro: PER_UNIT_MICRO }, reason: 'price', note: 'A third cheaper elsewhere.' }),
  ReopenDeal: (scene) => {
    const dealId = scene.deal();
    scene.given(CloseDeal, { dealId, outcome: 'won' });
    return { dealId, reason: 'They withdrew within the notice.', stage: STAGES[1] };
  },
};

export const contractSamples: Samples<ContractCommand> = {
  DraftContract: (scene) => ({ contractId: freshId('contract'), dealId: scene.deal(), clientId: freshId('client'), ownerId: scene.member(), title: 'Fleet licence', dueAt: inDays(14) }),
  SendContract: (scene) => ({ contractId: scene.contract(), channel: 'e_signature', note: 'To the legal desk.' }),
  SignContract: (scene) => ({ contractId: scene.contract(), note: 'Signed by both.' }),
  VoidContract: (scene) => ({ contractId: scene.contract(), reason: 'Superseded.' }),
  MarkContractDeadlineMissed: (scene) => {
    const contractId = freshId('contract');
    const dueAt = inDays(-20);
    scene.given(DraftContract, { contractId, dealId: scene.deal(), ownerId: scene.member(), dueAt }, inDays(-30));
    return { contractId, dueAt };
  },
};
