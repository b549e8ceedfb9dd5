import { Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { v5 as uuidv5 } from 'uuid';
import { CommandRegistry } from '../dispatch/registry.js';
import { acceptCommand, type CommandAnswer } from './accept-command.js';
import { jsonBody } from './framework-edge.js';
import { problem, ProblemError, type Problem } from './problem.js';
import { COMMAND_ID_SENTENCE, isCommandId, requestEnvelope } from './request-envelope.js';

export const BATCH_COMMANDS_MAX = 200;
const BATCH_NAMESPACE = '5f4f2a0e-7f5b-4f0e-9a53-1f5f6f6c2f11';

type ItemResult = ({ readonly status: 200 } & CommandAnswer) | Problem;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Several commands in one request, one after the other, each with its own result: one that is refused does not stop the rest. */
@ApiTags('commands')
@Controller('v1/commands')
export class CommandBatchController {
  constructor(readonly bus: CommandBus, readonly registry: CommandRegistry) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'SendCommands', summary: `Up to ${BATCH_COMMANDS_MAX} commands by name, each with its own result` })
  @ApiBody({ schema: { type: 'object', required: ['commands'], properties: { commands: { type: 'array', maxItems: BATCH_COMMANDS_MAX, items: { type: 'object', required: ['command'], properties: { command: { type: 'string', example: 'QualifyLead' }, commandId: { type: 'string' }, occurredAt: { type: 'string', format: 'date-time' } }, additionalProperties: true } } } } })
  async send(@Headers() headers: Record<string, string>, @Req() request: FastifyRequest): Promise<{ results: ItemResult[] }> {
    const body = jsonBody(request);
    requestEnvelope(headers, undefined); // what is wrong with the headers is wrong with the request, not with each item
    // One revision cannot stand for several records, and a condition that is not heeded must not be taken.
    if (headers['if-match'] !== undefined) throw new ProblemError(problem('validation_failed', { errors: [{ field: 'If-Match', message: 'If-Match is for single commands' }] }));
    const commands: unknown = isRecord(body) ? body['commands'] : undefined;
    if (!Array.isArray(commands) || commands.length === 0 || commands.length > BATCH_COMMANDS_MAX) {
      throw new ProblemError(problem('validation_failed', { errors: [{ field: 'commands', message: `commands must list 1 to ${BATCH_COMMANDS_MAX} commands` }] }));
    }
    const results: ItemResult[] = [];
    for (const [index, item] of commands.entries()) results.push(await this.#one(item, index, headers));
    return { results };
  }

  async #one(item: unknown, index: number, headers: Record<string, string>): Promise<ItemResult> {
    try {
      if (!isRecord(item)) throw new ProblemError(problem('validation_failed', { errors: [{ field: `commands.${index}`, message: 'must be an object' }] }));
      const { command: name, commandId, ...fields } = item;
      // Taking another id instead would give a caller who sends it again a second command.
      if (commandId !== undefined && commandId !== null && !isCommandId(commandId)) throw new ProblemError(problem('validation_failed', { errors: [{ field: 'commandId', message: `commandId ${COMMAND_ID_SENTENCE}` }] }));
      const registered = typeof name === 'string' ? this.registry.find(name) : undefined;
      if (!registered) throw new ProblemError(problem('command_unknown', { detail: `commands.${index}.command: ${String(name)}; there are ${this.registry.all().map(({ spec }) => spec.name).join(', ')}` }));
      const batchKey = headers['idempotency-key'];
      const key = typeof commandId === 'string' ? commandId : batchKey && uuidv5(`${batchKey}\n${index}`, BATCH_NAMESPACE);
      const envelope = requestEnvelope({ ...headers, 'idempotency-key': key }, fields['occurredAt']);
      return { status: 200, ...(await acceptCommand(this.bus, registered, fields, {}, envelope)) };
    } catch (error) {
      if (error instanceof ProblemError) return error.problem;
      throw error;
    }
  }
}
