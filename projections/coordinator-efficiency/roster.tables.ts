import type { TableSpec } from '../../libs/kernel/projection.js';
import { day, maybe, maybeAt, text, whole } from './columns.js';

const validity = {
  valid_from: maybeAt('First moment it held; empty for the first of a member: since ever.'),
  valid_to: maybeAt('Moment it ended; empty while it lasts.'),
};

const stay: TableSpec = {
  comment: 'Role, team and region of a member, by the dates they were true on.',
  key: ['member_id', 'stay'],
  columns: {
    member_id: text('The member.'),
    stay: whole('Running number within the member, from 1.'),
    role: text('Role on those dates.'),
    zone: maybe('Time zone they joined in; that of their work calendar, where they have one, overrides it.'),
    team_id: maybe('Team on those dates.'),
    region: maybe('Region on those dates.'),
    ...validity,
    left_at: maybeAt('When the member left the company; the same on every row of the member.'),
  },
};

const calendar: TableSpec = {
  comment: 'Business hours, by the dates they were true on; those of the company have no member. Members who set none have them in their own zone.',
  key: ['member_id', 'stay'],
  columns: {
    member_id: text('The member; the empty text for the company.'),
    stay: whole('Running number, from 1.'),
    zone: text('Time zone of the hours.'),
    weekdays: { type: 'jsonb', comment: 'ISO weekdays worked, 1 = Monday.' },
    hours_from: text('Time of day at which work begins, HH:mm.'),
    hours_to: text('Time of day at which work ends, HH:mm.'),
    holidays: { type: 'jsonb', comment: 'Days not worked.' },
    ...validity,
  },
};

const capacity: TableSpec = {
  comment: 'How many open items a member can carry, by the dates it was true on.',
  key: ['member_id', 'stay'],
  columns: { member_id: text('The member.'), stay: whole('Running number, from 1.'), open_items_max: whole('Open weighted items that make a full load.'), ...validity },
};

const absence: TableSpec = {
  comment: 'Days on which a member was away.',
  key: ['member_id', 'absence'],
  columns: { member_id: text('The member.'), absence: whole('Running number, from 1.'), first_day: day('First day away.'), last_day: day('Last day away.') },
};

const setting: TableSpec = {
  comment: 'The company’s settings, as they stand.',
  key: ['setting'],
  columns: { setting: text('Which setting: zone, currency, fiscalYearStartMonth, noContactDays …'), value: text('Its value: text as it is, anything else as JSON.') },
};

/** `roster_<name>` in SQL. */
export const rosterTables = { stay, calendar, capacity, absence, setting };
export type RosterTable = keyof typeof rosterTables;
