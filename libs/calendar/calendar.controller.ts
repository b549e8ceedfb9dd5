import { createHash } from 'node:crypto';
import { Controller, Get, Headers, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LEDGER } from '../dispatch/command-handlers.js';
import { CommandRegistry } from '../dispatch/registry.js';
import { OpenCalendarFeed } from '../domain/calendar-feed/commands.js';
import { calendarFeed } from '../domain/calendar-feed/decider.js';
import { memberHistory, memberStream, ownerProblem, standingIn } from '../domain/member/facts.js';
import { foldHistory } from '../eventstore/engine-events.js';
import type { Ledger } from '../eventstore/transact.js';
import { acceptCommand, type CommandAnswer } from '../http/accept-command.js';
import { jsonBody } from '../http/framework-edge.js';
import { problem, ProblemError } from '../http/problem.js';
import { asProblem } from '../http/projection-side.js';
import { READ_SIDE, type ReadSide } from '../http/report.controllers.js';
import { addressOf, PUBLIC_URL } from '../http/public-url.js';
import { requestEnvelope } from '../http/request-envelope.js';
import { ID_PATTERN } from '../kernel/fields.js';
import { calendarFile, REFRESH_SECONDS } from './calendar-file.js';
import { feedMeetings } from './feed-meetings.js';
import { hashOf, isSecret, isSecretOf, newSecret } from './link-secret.js';

const ENDING = '.ics';

class CalendarLinkBody {
  @ApiProperty({ description: 'The member whose meetings it shows' }) memberId!: string;
  @ApiProperty({ required: false, description: 'Left out: one is derived' }) feedId?: string;
  @ApiProperty({ required: false, format: 'date-time', description: 'When it happened in the business; left out: now' }) occurredAt?: string;
}

export interface CalendarLink extends CommandAnswer {
  /** Below this server. It is told here only, and cannot be told again: the log keeps no more than a hash. */
  readonly path: string;
  /** Below the configured public URL; without one, below the address that the request came in by. Never what its Host says. */
  readonly url: string;
}

const notFound = (): ProblemError => new ProblemError(problem('record_not_found', { detail: 'calendar' }));

/** Calendars that a person subscribes to with a secret link. */
@ApiTags('calendar-feed')
@Controller('v1')
export class CalendarController {
  constructor(@Inject(CommandBus) readonly bus: CommandBus, @Inject(CommandRegistry) readonly registry: CommandRegistry, @Inject(LEDGER) readonly ledger: Ledger, @Inject(READ_SIDE) readonly readSide: ReadSide | undefined, @Inject(PUBLIC_URL) readonly publicUrl: string | undefined) {}

  /** Each call makes up another secret: the same key sent again is another command, and refused as one. */
  @Post('calendar-links')
  @HttpCode(201)
  @ApiOperation({ operationId: 'OpenCalendarLink', summary: 'Make a secret link to a member’s meetings; it is shown this once', description: 'OpenCalendarFeed with a new secret. RevokeCalendarFeed closes it. An `Idempotency-Key` sent again gives 409 `command_id_reused`: the link was shown; open another one.' })
  @ApiBody({ type: CalendarLinkBody })
  @ApiCreatedResponse({ description: 'As of a command, and the link' })
  async open(@Headers() headers: Record<string, string>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<CalendarLink> {
    const body = jsonBody(request);
    const fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : undefined;
    if (fields && 'tokenHash' in fields) throw new ProblemError(problem('validation_failed', { errors: [{ field: 'tokenHash', message: 'tokenHash is made up here' }] }));
    const occurredAt: unknown = fields && 'occurredAt' in fields ? fields.occurredAt : undefined;
    const secret = newSecret();
    const registered = this.registry.find(OpenCalendarFeed.name)!; // it is one of the contexts' commands
    const answer = await acceptCommand(this.bus, registered, fields && { ...fields, tokenHash: hashOf(secret) }, {}, requestEnvelope(headers, occurredAt));
    const path = `/v1/calendars/${encodeURIComponent(answer.id)}/${secret}${ENDING}`;
    void reply.header('cache-control', 'no-store').header('location', `/v1/calendar-feeds/${encodeURIComponent(answer.id)}`);
    return { ...answer, path, url: `${this.publicUrl ?? addressOf(request.socket)}${path}` };
  }

  @Get('calendars/:feedId/:file')
  @ApiOperation({ operationId: 'Calendar', summary: 'A member’s meetings as an iCalendar file (RFC 5545), by their secret link', description: '`file` is the secret and `.ics`. The last 90 days and the next two years. 410 `link_revoked` once the link is revoked or the member has left.' })
  @ApiParam({ name: 'feedId', type: String })
  @ApiParam({ name: 'file', type: String })
  @ApiOkResponse({ description: 'The calendar', content: { 'text/calendar': { schema: { type: 'string' } } } })
  @ApiResponse({ status: 304, description: 'Nothing has changed since the ETag given' })
  @ApiResponse({ status: 404, description: '`record_not_found`: no such link, or another secret' })
  @ApiResponse({ status: 410, description: '`link_revoked`: the link was closed' })
  async calendar(@Param('feedId') feedId: string, @Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    const memberId = await this.#memberOf(feedId, file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : '');
    const text = await this.#fileOf(memberId);
    const tag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    void reply.header('etag', tag).header('cache-control', `private, max-age=${REFRESH_SECONDS}`);
    void reply.header('content-type', 'text/calendar; charset=utf-8').header('content-disposition', 'inline; filename="meetings.ics"').send(text);
  }

  /** Whose calendar the link shows, by the log and not by a view: what is revoked is closed at once. */
  async #memberOf(feedId: string, secret: string): Promise<string> {
    if (!ID_PATTERN.test(feedId) || !isSecret(secret)) throw notFound();
    const history = await this.ledger.log.read(`calendarFeed-${feedId}`);
    const feed = foldHistory(calendarFeed, history);
    if (feed.status === 'absent' || !isSecretOf(secret, feed.tokenHash)) throw notFound();
    if (feed.status === 'revoked') throw new ProblemError(problem('link_revoked'));
    const member = foldHistory(memberHistory, await this.ledger.log.read(memberStream(feed.memberId)));
    const now = this.ledger.now();
    if (ownerProblem(standingIn(member, now), now)) throw new ProblemError(problem('link_revoked', { detail: 'the member has left' }));
    return feed.memberId;
  }

  async #fileOf(memberId: string): Promise<string> {
    if (!this.readSide) throw new ProblemError(problem('read_store_unavailable'));
    try {
      return calendarFile(memberId, await feedMeetings(this.readSide.store, memberId));
    } catch (error) {
      throw asProblem(error);
    }
  }
}
