import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Multipart } from '@fastify/multipart';
import { Controller, Headers, Inject, Logger, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LEDGER } from '../dispatch/command-handlers.js';
import { CommandRegistry } from '../dispatch/registry.js';
import { EventStoreUnavailable } from '../eventstore/unavailable.js';
import type { Ledger } from '../eventstore/transact.js';
import type { RouteBody } from '../http/body-type.js';
import { problem, ProblemError } from '../http/problem.js';
import { requestEnvelope } from '../http/request-envelope.js';
import { CsvTable, UnreadableFile } from './csv/csv-table.js';
import { LookupFiles } from './csv/lookup-files.js';
import { HopefulLedger } from './hopeful-log.js';
import { importOptions, PREVIEW_ROWS_DEFAULT, type ImportOptions } from './import-options.js';
import { importProblem } from './import-problems.js';
import type { ImportMap } from './map/model.js';
import { parseImportMap } from './map/parse-map.js';
import { Rehearsal } from './rehearsal.js';
import type { ImportReport } from './report.js';
import { carryOutSetup, ImportRun } from './run-import.js';
import type { Sender } from './row/row-commands.js';
import { bytesOf, drain, mapText } from './upload.js';

/** A file under a map, over HTTP: what `pipeledger import` sends. */
@ApiTags('import')
@Controller('v1/imports')
export class ImportController {
  readonly #logger = new Logger('import');

  constructor(@Inject(CommandRegistry) readonly registry: CommandRegistry, @Inject(LEDGER) readonly ledger: Ledger) {}

  @Post()
  @RouteConfig({ takes: 'multipart/form-data' } satisfies RouteBody)
  @ApiOperation({
    operationId: 'Import', summary: 'Carry out the rows of a CSV file as commands, the way a map says',
    description: 'Parts in this order: `map` (YAML), the files that the map names under `files`, each under its name, and `data`. Answers while it reads, one JSON object a line: start, progress, reject, preview, summary or failed. Sent again it changes nothing; after an interruption it goes on.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiProduces('application/x-ndjson')
  @ApiQuery({ name: 'dryRun', required: false, type: Boolean, description: 'Decide everything and write nothing' })
  @ApiQuery({ name: 'rows', required: false, type: Number, description: `Rows that a dry run shows as events; default ${PREVIEW_ROWS_DEFAULT}` })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: 'Take the first rows only' })
  @ApiBody({ schema: { type: 'object', required: ['map', 'data'], properties: { map: { type: 'string' }, data: { type: 'string', format: 'binary' } }, additionalProperties: { type: 'string', format: 'binary' } } })
  @ApiResponse({ status: 200, description: 'The report' })
  @ApiResponse({ status: 400, description: '`import_map_invalid`, `import_part_missing`, `import_file_unreadable`, `import_column_missing`: nothing was written' })
  async run(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: Record<string, unknown>, @Headers() headers: Record<string, string>): Promise<void> {
    try {
      const options = importOptions(query);
      const { actor } = requestEnvelope(headers, undefined);
      if (!request.isMultipart()) throw new ProblemError(problem('unsupported_media_type', { detail: 'an import is sent as multipart/form-data' }));
      let map: ImportMap | undefined;
      const lookups = new LookupFiles();
      for await (const part of request.parts()) {
        if (part.fieldname === 'map') map = this.#map(await mapText(part));
        else if (!map) throw importProblem('import_part_missing', { detail: `${part.fieldname} came before map: the map is sent first` });
        else if (part.fieldname === 'data') return await this.#data(part, { map, lookups, sender: { source: map.source, actor } }, options, reply);
        else await readBeside(part, map, lookups);
      }
      throw importProblem('import_part_missing', { detail: map ? 'data is missing: the file with the rows' : 'map is missing: the YAML that says what rows become' });
    } catch (error) {
      drain(request.raw);
      if (error instanceof UnreadableFile) throw importProblem(error.code, { detail: error.message, errors: error.columns.map(({ column, askedBy }) => ({ field: askedBy, message: `there is no column ${column}` })) });
      throw error;
    }
  }

  #map(text: string): ImportMap {
    const parsed = parseImportMap(text, this.registry);
    if (!parsed.ok) throw importProblem('import_map_invalid', { errors: parsed.errors });
    return parsed.map;
  }

  /** Checks all that can be checked before the first row, sends the setup, then answers row by row. */
  async #data(part: Multipart, given: { readonly map: ImportMap; readonly lookups: LookupFiles; readonly sender: Sender }, options: ImportOptions, reply: FastifyReply): Promise<void> {
    const { map, lookups, sender } = given;
    const absent = [...map.files.keys()].filter((name) => !lookups.has(name));
    if (absent.length > 0) throw importProblem('import_part_missing', { detail: `${absent.join(', ')} must be sent before data: the map names it under files` });
    const forbidden = [...map.setup, ...map.steps.flatMap(({ commands }) => commands)].find(({ registered }) => !registered.spec.roles.includes(sender.actor.role));
    if (forbidden) throw new ProblemError(problem('forbidden', { detail: `${forbidden.registered.spec.name} is for ${forbidden.registered.spec.roles.join(', ')}, not for ${sender.actor.role}` }));
    const main = await CsvTable.open('data', bytesOf(part), map.csv, map.mainNeeds);
    const rehearsal = options.dryRun ? new Rehearsal(this.ledger, this.registry) : undefined;
    const { execute } = rehearsal ?? (await HopefulLedger.on(this.ledger, this.registry));
    const refused = await carryOutSetup({ map, sender, execute });
    if (refused.length > 0) throw importProblem('import_setup_refused', { errors: refused.map(({ field, reason }) => ({ field, message: reason })) });
    void reply.hijack();
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    await this.#tell(reply.raw, new ImportRun({ map, lookups, main, sender, execute, ...options, ...(rehearsal && { rehearsal }), signal: gone.signal, nowMs: () => performance.now() }));
    drain(reply.request.raw);
  }

  async #tell(response: ServerResponse, run: ImportRun): Promise<void> {
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const tell = async (report: ImportReport): Promise<void> => {
      if (!response.write(`${JSON.stringify(report)}\n`) && !run.job.signal.aborted) await once(response, 'drain', { signal: run.job.signal });
    };
    try {
      for await (const report of run.reports()) await tell(report);
    } catch (error) {
      if (run.job.signal.aborted) return this.#logger.warn(`the sender left after ${run.counts.rows} rows; sent again, the import goes on from there`);
      this.#logger.error(`import stopped after ${run.counts.rows} rows`, error instanceof Error ? error.stack : String(error));
      const unavailable = error instanceof EventStoreUnavailable;
      await tell({ kind: 'failed', code: unavailable ? 'event_store_unavailable' : 'internal_error', detail: unavailable ? error.message : 'the engine failed; its log says why', ...run.counts });
    } finally {
      response.end();
    }
  }
}

async function readBeside(part: Multipart, map: ImportMap, lookups: LookupFiles): Promise<void> {
  const { fieldname: name } = part;
  const file = map.files.get(name);
  const needs = map.fileNeeds.get(name);
  if (!file || !needs) throw importProblem('import_part_missing', { detail: `the map names no file ${name}; it names ${[...map.files.keys()].join(', ') || 'none'}` });
  await lookups.add(name, bytesOf(part), file, needs);
}
