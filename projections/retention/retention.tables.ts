import type { TableSpec } from '../../libs/kernel/projection.js';
import { amount, at, flag, maybe, maybeAt, maybeWhole, text, whole } from '../coordinator-efficiency/columns.js';

const place = { region: maybe('Region of the client.'), segment: maybe('Segment of the client.') };

const client: TableSpec = {
  comment: 'A client as it stands.',
  key: ['client_id'],
  columns: {
    client_id: text('The client.'),
    owner_id: text('Who looks after it now.'),
    currency: text('Currency of its revenue.'),
    onboarded_at: at('When it became a client: the date of its cohort.'),
    active: flag('It has not churned, or was won back.'),
    lapses_at: maybeAt('When its renewal is due, of an active client.'),
    deal_id: maybe('The deal that won it.'),
    lead_id: maybe('The lead it came from.'),
    product: maybe('What it has.'),
    ...place,
  },
  indexes: [{ columns: ['onboarded_at'] }],
};

const revenue: TableSpec = {
  comment: 'One stretch of time in which a client’s monthly revenue stood at one amount, and the movement that began it. A movement takes effect no earlier than the one told before it.',
  key: ['client_id', 'movement'],
  columns: {
    client_id: text('The client.'),
    movement: whole('Running number within the client, from 1.'),
    kind: text('What began it: new, expansion, contraction, churn or win_back.'),
    active: flag('The client is active in this stretch.'),
    monthly_minor: amount('Monthly revenue, in minor units.'),
    change_minor: amount('By how much it moved, in minor units; negative for contraction and churn.'),
    currency: text('Currency of both.'),
    reason: maybe('Why it churned, expanded or was downsized, as told.'),
    owner_id: text('Who looked after the client when it moved.'),
    since: at('When it began.'),
    until_at: maybeAt('When the next movement ended it; empty while it stands.'),
    ...place,
  },
  indexes: [{ columns: ['since'] }, { columns: ['until_at'] }, { columns: ['since'], where: 'until_at IS NULL' }, { columns: ['client_id', 'since'] }],
};

const ownership: TableSpec = {
  comment: 'Who looked after a client when.',
  key: ['client_id', 'stretch'],
  columns: { client_id: text('The client.'), stretch: whole('Running number within the client, from 1.'), owner_id: text('Who looked after it.'), since: at('From when.'), until_at: maybeAt('Until when; empty while it lasts.') },
};

const purchase: TableSpec = {
  comment: 'A purchase that is paid once.',
  key: ['purchase_id'],
  columns: {
    purchase_id: text('Client and purchase, as client/purchase.'), client_id: text('The client.'), bought_at: at('When.'), amount_minor: amount('What it brought, in minor units.'), currency: text('Its currency.'), owner_id: text('Who looked after the client then.'), product: maybe('What was bought.'),
  },
  indexes: [{ columns: ['bought_at'] }, { columns: ['client_id', 'bought_at'] }],
};

const survey: TableSpec = {
  comment: 'A survey and its answer.',
  key: ['survey_id'],
  columns: {
    survey_id: text('The survey.'), kind: text('csat (1 to 5) or nps (0 to 10).'), owner_id: text('Whose work it asks about.'), client_id: maybe('The client asked.'), sent_at: maybeAt('When it was sent.'),
    answered_at: maybeAt('When it was answered; empty: not yet.'), score: maybeWhole('The answer.'),
  },
  indexes: [{ columns: ['sent_at'] }, { columns: ['answered_at'] }, { columns: ['client_id', 'kind', 'answered_at', 'survey_id', 'score'], where: 'answered_at IS NOT NULL' }],
};

const caseTable: TableSpec = {
  comment: 'A case up to its first answer.',
  key: ['case_id'],
  columns: {
    case_id: text('The case.'), kind: text('inquiry, issue or expectation.'), client_id: maybe('The client it is about.'), owner_id: text('Who had it when it was answered or the answer came due, whichever was first.'), present_owner_id: text('Who has it now, or had it last.'),
    opened_at: at('When it was opened.'), response_due_at: at('When an answer was due.'), responded_at: maybeAt('First answer.'), response_business_minutes: maybeWhole('Business minutes from the opening to that answer.'),
  },
  indexes: [{ columns: ['opened_at'] }, { columns: ['response_due_at'] }, { columns: ['responded_at'] }],
};

const round: TableSpec = {
  comment: 'One time that a case was open, from its opening or reopening until it was resolved.',
  key: ['case_id', 'round'],
  columns: {
    case_id: text('The case.'), round: whole('Running number within the case, from 1.'), client_id: maybe('The client it is about.'), owner_id: text('Who had it when it was resolved or the resolution came due, whichever was first.'), present_owner_id: text('Who has it now, or had it last.'),
    opened_at: at('When it was opened or reopened.'), due_at: at('When a resolution was due.'), resolved_at: maybeAt('When it was resolved.'), business_minutes: maybeWhole('Business minutes from opened_at to the resolution.'), reopened_at: maybeAt('When that resolution turned out not to be one.'),
  },
  indexes: [{ columns: ['opened_at'] }, { columns: ['due_at'] }, { columns: ['resolved_at'] }, { columns: ['opened_at'], where: 'resolved_at IS NULL' }, { columns: ['client_id'], where: 'resolved_at IS NULL' }],
};

const promise: TableSpec = {
  comment: 'A promise made to a client.',
  key: ['case_id', 'promise_id'],
  columns: { case_id: text('The case.'), promise_id: text('The promise, within the case.'), client_id: maybe('The client.'), owner_id: text('Who promised.'), made_at: at('When.'), due_at: at('By when.'), kept_at: maybeAt('When it was kept.') },
  indexes: [{ columns: ['due_at'] }],
};

const touch: TableSpec = {
  comment: 'The last time that one follow-up, meeting or case put us in touch with a client.',
  key: ['touch_kind', 'touch_id'],
  columns: { touch_kind: text('follow_up, meeting or case.'), touch_id: text('Its id.'), client_id: text('The client.'), touched_at: at('When we were last in touch.') },
  indexes: [{ columns: ['client_id', 'touched_at'] }, { columns: ['touched_at', 'client_id'] }],
};

/** `retention_<name>` in SQL. */
export const retentionTables = { client, revenue, ownership, purchase, survey, case: caseTable, round, promise, touch };
export type RetentionTable = keyof typeof retentionTables;
