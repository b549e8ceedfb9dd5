import { Controller, Headers, HttpCode, Inject, Optional, Param, Post, Put, Delete, Req, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiCreatedResponse, ApiExtension, ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags, getSchemaPath, IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Registered } from '../dispatch/registry.js';
import type { Beside } from '../kernel/beside.js';
import { ROLES } from '../kernel/event.js';
import { ledgerRefusals } from '../eventstore/intent.js';
import { acceptCommand, type CommandAnswer } from './accept-command.js';
import { jsonBody } from './framework-edge.js';
import { lookBeside } from './look-beside.js';
import { CommandAnswerSchema, OccurredAtSchema, ProblemSchema } from './openapi-schemas.js';
import { PROBLEMS, REFUSAL_STATUS, type ProblemCode } from './problem.js';
import { READ_SIDE, type ReadSide } from './read-side.js';
import { DEFAULT_ACTOR, requestEnvelope } from './request-envelope.js';

const METHODS = { POST: Post, PUT: Put, DELETE: Delete } as const;

/** What can be wrong with the request of any command. */
const REQUEST_PROBLEMS: readonly ProblemCode[] = ['validation_failed', 'malformed_json', 'bad_request', 'forbidden', 'body_too_large', 'unsupported_media_type', 'event_store_unavailable'];

const describeProblems = (): { status: number; description: string }[] =>
  [...new Set(REQUEST_PROBLEMS.map((code) => PROBLEMS[code].status))].map((status) => ({
    status, description: REQUEST_PROBLEMS.filter((code) => PROBLEMS[code].status === status).map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
  }));

const IDEMPOTENCY_KEY = `Id of the command, 1 to 255 printable characters, in the scope of the caller (Pipeledger-Actor), kept for ever. Sent
again with the same content it answers as it did the first time, also where there was nothing to do; with other content, or about another
record, it is refused with 409 command_id_reused. A command that was refused leaves its key free.`.replaceAll('\n', ' ');
const IF_MATCH = `Revision the caller saw; another one gives 409 revision_conflict, before anything else is looked at. A command that was
carried out already answers as it did the first time.`.replaceAll('\n', ' ');

/** What OpenAPI says of a command's refusals, by status. */
function describeRefusals({ context }: Registered): { status: number; description: string }[] {
  const byStatus = new Map<number, string[]>();
  for (const [code, { kind, title }] of Object.entries({ ...context.refusals, ...ledgerRefusals })) {
    const status = REFUSAL_STATUS[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${title}`]);
  }
  return [...byStatus].map(([status, lines]) => ({ status, description: lines.join('\n\n') }));
}

/** The body as OpenAPI tells it: the fields that are not in the address, and when it happened. The id of what is created may be left out. */
function bodyOf({ context, command, spec }: Registered): Type<unknown> {
  // The registry does not know which fields a command has; Nest's mapped types go by the decorators on the class alone.
  const described = command as unknown as Type<Record<string, unknown>>;
  const mayBeLeftOut = spec.creates ? [context.idField] : [];
  const fields = OmitType(described, [...spec.params, ...mayBeLeftOut]);
  const created = PartialType(PickType(described, mayBeLeftOut));
  const body = IntersectionType(created, fields, OccurredAtSchema);
  Object.defineProperty(body, 'name', { value: `${spec.name}Body` });
  return body;
}

/** The answer as OpenAPI tells it, with what stands beside the outcome. */
function answerOf({ spec }: Registered, beside: Beside | undefined): MethodDecorator {
  const Answer = spec.creates ? ApiCreatedResponse : ApiOkResponse;
  if (!beside) return Answer({ type: CommandAnswerSchema });
  return Answer({ schema: { allOf: [{ $ref: getSchemaPath(CommandAnswerSchema) }, { type: 'object', properties: { [beside.field]: beside.schema } }] } });
}

/** The route of one command: a controller class of its own, as Nest wants it, all alike. `beside`: what its answer tells besides the outcome. */
export function commandController(registered: Registered, beside?: Beside): Type<unknown> {
  const { context, command, spec } = registered;

  @ApiTags(context.name)
  @Controller('v1')
  class CommandController {
    constructor(@Inject(CommandBus) readonly bus: CommandBus, @Optional() @Inject(READ_SIDE) readonly readSide?: ReadSide) {}

    async handle(@Param() params: Record<string, string>, @Headers() headers: Record<string, string>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<CommandAnswer> {
      const body = jsonBody(request);
      const occurredAt: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'occurredAt') : undefined;
      const answer = await acceptCommand(this.bus, registered, body, params, requestEnvelope(headers, occurredAt));
      void reply.header('etag', `"${answer.revision}"`);
      if (spec.creates) void reply.header('location', `/v1${spec.route}/${encodeURIComponent(answer.id)}`);
      if (!beside || !this.readSide) return answer;
      return { ...answer, [beside.field]: await lookBeside(beside, this.readSide, { ...Object(body) as object, ...params }, answer) };
    }
  }
  Object.defineProperty(CommandController, 'name', { value: `${spec.name}Controller` });

  const descriptor = Object.getOwnPropertyDescriptor(CommandController.prototype, 'handle')!;
  const decorate: MethodDecorator[] = [
    METHODS[spec.method](spec.route),
    HttpCode(spec.creates ? 201 : 200),
    ApiOperation({ operationId: spec.name, summary: spec.summary, description: `Roles: ${spec.roles.join(', ')}.` }),
    ApiExtension('x-roles', [...spec.roles]),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: IDEMPOTENCY_KEY }),
    ApiHeader({ name: 'If-Match', required: false, description: IF_MATCH }),
    ApiHeader({ name: 'Pipeledger-Actor', required: false, description: `Who acts; left out: ${DEFAULT_ACTOR.id}.` }),
    ApiHeader({ name: 'Pipeledger-Role', required: false, description: `As what; left out: ${DEFAULT_ACTOR.role}.`, schema: { type: 'string', enum: [...ROLES] } }),
    ApiHeader({ name: 'Pipeledger-Correlation', required: false, description: 'What this belongs to, such as an import or a conversation; kept with each event.' }),
    ...spec.params.map((name) => ApiParam({ name, type: String })),
    ApiExtraModels(command, CommandAnswerSchema, ProblemSchema),
    ApiBody({ type: bodyOf(registered) }),
    answerOf(registered, beside),
    ...[...describeProblems(), ...describeRefusals(registered)].map((response) => ApiResponse({ ...response, content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemSchema) } } } })),
  ];
  for (const decorator of decorate) decorator(CommandController.prototype, 'handle', descriptor);
  return CommandController;
}
