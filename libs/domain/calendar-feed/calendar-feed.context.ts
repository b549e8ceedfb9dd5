import { context, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { OpenCalendarFeed, RevokeCalendarFeed, type CalendarFeedCommand } from './commands.js';
import { calendarFeed, calendarFeedRefusals, type CalendarFeed, type CalendarFeedFacts } from './decider.js';
import { calendarFeedEvents } from './events.js';

const facts: Facts<CalendarFeedCommand, CalendarFeed, CalendarFeedFacts> = async (read, command, _, occurredAt) =>
  ({ member: command.type === 'OpenCalendarFeed' ? await memberAt(read, command.memberId, occurredAt) : { status: 'unknown' } });

export const calendarFeedContext = context({
  name: 'calendar-feed',
  category: 'calendarFeed',
  idField: 'feedId',
  commands: [OpenCalendarFeed, RevokeCalendarFeed],
  events: calendarFeedEvents,
  refusals: calendarFeedRefusals,
  decider: calendarFeed,
  facts,
});
