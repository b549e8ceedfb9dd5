import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { boundsOf, clockAt } from './coordinator-efficiency.staff.js';
import { groupedBy } from './grouped-by.js';

/* Who meets when and what clashes, once more as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question { from: string; to: string; tz: string; who?: readonly string[] }
interface Meeting { id: string; owner: string; people: string[]; status: string; starts: string; ends: string; zone: string; subject: { kind: string; id: string } }

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function calendarOracle(events: readonly Event[], { from, to, tz, who }: Question) {
  const since = new Date(boundsOf(from, tz).begin).toISOString();
  const until = new Date(boundsOf(to, tz).end).toISOString();
  const isAsked = (member: string): boolean => who === undefined || who.includes(member);
  const ofMeeting = groupedBy(events.filter(({ type }) => type.startsWith('Meeting')), ({ data }) => data.meetingId);
  const meetings = events.filter(({ type }) => type === 'MeetingScheduled').map(({ data }): Meeting => {
    const list = ofMeeting(data.meetingId);
    const { startsAt, endsAt } = list.findLast(({ type }) => type === 'MeetingScheduled' || type === 'MeetingRescheduled')!.data;
    const end = list.findLast(({ type }) => ['MeetingHeld', 'MeetingCancelled', 'MeetingMissed'].includes(type));
    return { id: data.meetingId, owner: data.ownerId, people: [data.ownerId, ...data.attendeeIds], status: end ? end.type.slice('Meeting'.length).toLowerCase() : 'scheduled', starts: startsAt, ends: endsAt, zone: data.zone, subject: data.subject };
  });
  const zoneOf = groupedBy(events.filter(({ type }) => type === 'MemberAdded' || type === 'WorkCalendarSet').sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt)), ({ data }) => data.memberId);
  const inIt = meetings.filter(({ starts, ends }) => starts < until && ends > since);
  const rows = inIt.flatMap((meeting) => meeting.people.filter(isAsked).map((member) => {
    const { day, time } = clockAt(Date.parse(meeting.starts), zoneOf(member).at(-1)?.data.zone ?? meeting.zone);
    return { ...meeting, member, there: `${day}T${time}` };
  })).sort((a, b) => byText(a.starts, b.starts) || byText(a.id, b.id) || byText(a.member, b.member));

  const clashes: (string | number)[][] = [];
  for (const member of new Set(meetings.flatMap(({ people }) => people).filter(isAsked))) {
    const own = meetings.filter(({ status, people }) => status === 'scheduled' && people.includes(member)).sort((a, b) => byText(a.starts, b.starts) || byText(a.id, b.id));
    own.forEach((first, index) => {
      for (const second of own.slice(index + 1)) {
        const ends = first.ends < second.ends ? first.ends : second.ends;
        if (second.starts >= first.ends || second.starts >= until || ends <= since) continue;
        clashes.push([second.starts, member, first.id, second.id, ends, (Date.parse(ends) - Date.parse(second.starts)) / 60_000]);
      }
    });
  }
  const feeds = events.filter(({ type, data }) => type === 'CalendarFeedOpened' && isAsked(data.memberId) && !events.some((each) => each.type === 'CalendarFeedRevoked' && each.data.feedId === data.feedId));
  return {
    meetings: rows.map(({ id, member, owner, status, starts, ends, there, people, subject }) => [id, member, member === owner ? 'owner' : 'attendee', status, starts, ends, there, people.filter((each) => each !== member).join(), `${subject.kind}/${subject.id}`]),
    clashes: clashes.sort((a, b) => byText(String(a[0]), String(b[0])) || byText(String(a[1]), String(b[1])) || byText(String(a[2]), String(b[2])) || byText(String(a[3]), String(b[3]))),
    feeds: feeds.map(({ data, occurredAt }) => [occurredAt, data.feedId, data.memberId]).sort((a, b) => byText(a[0], b[0]) || byText(a[1], b[1])),
  };
}
