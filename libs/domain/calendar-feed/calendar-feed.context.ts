import { context, type Facts } from '../../kernel/context.js';
import { memberStanding, memberStream } from '../member/facts.js';
import { OpenCalendarFeed, RevokeCalendarFeed, type CalendarFeedCommand } from './commands.js';
import { calendarFeed, calendarFeedRefusals, type CalendarFeed, type CalendarFeedFacts } from './decider.js';
import { calendarFeedEvents } from './events.js';

const facts: Facts<CalendarFeedCommand, CalendarFeed, CalendarFeedFacts> = async (read, command) =>
  ({ member: command.type === 'OpenCalendarFeed' ? await read.fold(memberStream(command.memberId), memberStanding) : { status: 'unknown' } });

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
