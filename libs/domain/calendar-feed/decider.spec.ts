import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { calendarFeedContext } from './calendar-feed.context.js';
import { OpenCalendarFeed, RevokeCalendarFeed, type CalendarFeedCommand } from './commands.js';
import { calendarFeed, type CalendarFeedFacts } from './decider.js';
import type { CalendarFeedEvent } from './events.js';

const feedId = 'phone';
const hash = (digit: string): string => digit.repeat(64);
const facts: CalendarFeedFacts = { member: { status: 'active', role: 'coordinator', zone: 'UTC' } };

const opened: CalendarFeedEvent = { type: 'CalendarFeedOpened', data: { feedId, memberId: 'ada', tokenHash: hash('a') } };
const revoked: CalendarFeedEvent = { type: 'CalendarFeedRevoked', data: { feedId, memberId: 'ada', reason: 'lost the phone' } };
const open = build(OpenCalendarFeed, { feedId, memberId: 'ada', tokenHash: hash('a') });
const revoke = build(RevokeCalendarFeed, { feedId, reason: 'lost the phone' });

const { given } = deciderSpec(calendarFeed, facts);

describe('a calendar feed', () => {
  it('is opened for a member', () => given().when(open).then(opened));
  it('is opened once, with one secret and for one member', () => {
    for (const again of [open, build(OpenCalendarFeed, { ...open, tokenHash: hash('b') }), build(OpenCalendarFeed, { ...open, memberId: 'bob' })]) given(opened).when(again).thenRefused('calendar_feed_already_exists');
  });
  it('needs a member who is known', () => given().when(open, { facts: { member: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs a member who has not left', () => given().when(open, { facts: { member: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('owner_offboarded'));

  it('is revoked', () => given(opened).when(revoke).then(revoked));
  it('is revoked without a reason', () => given(opened).when(build(RevokeCalendarFeed, { feedId })).then({ type: 'CalendarFeedRevoked', data: { feedId, memberId: 'ada' } }));
  it('stays revoked', () => given(opened, revoked).when(build(RevokeCalendarFeed, { feedId })).thenNothing());
  it('is not opened again once revoked, not even with the same secret', () => given(opened, revoked).when(open).thenRefused('calendar_feed_already_exists'));
  it('is unknown until opened', () => given().when(revoke).thenRefused('calendar_feed_not_found'));

  it('does once what is sent twice, after any history', () => {
    const commands: fc.Arbitrary<CalendarFeedCommand> = fc.oneof(
      fc.record({ memberId: fc.constantFrom('ada', 'bob'), digit: fc.constantFrom('a', 'b') }).map(({ memberId, digit }) => build(OpenCalendarFeed, { feedId, memberId, tokenHash: hash(digit) })),
      fc.constant(revoke),
    );
    holdsTwiceIsOnce(calendarFeedContext, commands, fc.constantFrom<CalendarFeedFacts>(facts, { member: { status: 'unknown' } }));
  });
});
