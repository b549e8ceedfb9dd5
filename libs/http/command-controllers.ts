import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Put, Delete, Req, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiCreatedResponse, ApiExtension, ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Registered } from '../dispatch/registry.js';
import { acceptCommand, type CommandAnswer } from './accept-command.js';
import { CommandAnswerSchema, OccurredAtSchema, ProblemSchema } from './openapi-schemas.js';
import { REFUSAL_STATUS } from './problem.js';
import { requestEnvelope } from './request-envelope.js';

const METHODS = { POST: Post, PUT: Put, DELETE: Delete } as const;

/** What OpenAPI says of a command's refusals, by status. */
function describeRefusals({ context }: Registered): { status: number; description: string }[] {
  const byStatus = new Map<number, string[]>();
  for (const [code, { kind, title }] of Object.entries(context.refusals)) {
    const status = REFUSAL_STATUS[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${title}`]);
  }
  return [...byStatus].map(([status, lines]) => ({ status, description: lines.join('\n\n') }));
}

/** The route of one command: a controller class of its own, as Nest wants it, all alike. */
export function commandController(registered: Registered): Type<unknown> {
  const { context, command, spec } = registered;

  @ApiTags(context.name)
  @Controller('v1')
  class CommandController {
    constructor(@Inject(CommandBus) readonly bus: CommandBus) {}

    async handle(@Body() body: unknown, @Param() params: Record<string, string>, @Headers() headers: Record<string, string>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<CommandAnswer> {
      const given = body === undefined || body === null ? {} : body;
      const occurredAt: unknown = typeof given === 'object' ? Reflect.get(given, 'occurredAt') : undefined;
      const answer = await acceptCommand(this.bus, registered, given, params, requestEnvelope(headers, occurredAt));
      void reply.header('etag', `"${answer.revision}"`);
      if (spec.creates) void reply.header('location', `${request.url.split('?')[0]}/${encodeURIComponent(answer.id)}`);
      return answer;
    }
  }
  Object.defineProperty(CommandController, 'name', { value: `${spec.name}Controller` });

  const descriptor = Object.getOwnPropertyDescriptor(CommandController.prototype, 'handle')!;
  const decorate: MethodDecorator[] = [
    METHODS[spec.method](spec.route),
    HttpCode(spec.creates ? 201 : 200),
    ApiOperation({ operationId: spec.name, summary: spec.summary, description: `Roles: ${spec.roles.join(', ')}.` }),
    ApiExtension('x-roles', [...spec.roles]),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Id of the command. Sent again with the same content it answers as it did the first time.' }),
    ApiHeader({ name: 'If-Match', required: false, description: 'Revision the caller saw; another one gives 409 revision_conflict.' }),
    ...spec.params.map((name) => ApiParam({ name, type: String })),
    ApiExtraModels(command, OccurredAtSchema, ProblemSchema),
    ApiBody({ schema: { allOf: [{ $ref: getSchemaPath(command) }, { $ref: getSchemaPath(OccurredAtSchema) }] } }),
    spec.creates ? ApiCreatedResponse({ type: CommandAnswerSchema }) : ApiOkResponse({ type: CommandAnswerSchema }),
    ...[{ status: 400, description: '`validation_failed`, `malformed_json`' }, ...describeRefusals(registered)].map((response) => ApiResponse({ ...response, content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemSchema) } } } })),
  ];
  for (const decorator of decorate) decorator(CommandController.prototype, 'handle', descriptor);
  return CommandController;
}
