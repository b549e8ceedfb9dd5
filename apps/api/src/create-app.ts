import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { guardDoors } from '../../../libs/http/doors.js';
import { onClientError, onFrameworkError, parseJsonBodies } from '../../../libs/http/framework-edge.js';
import { openApiDocument } from '../../../libs/http/openapi-document.js';
import { registerImportUploads } from '../../../libs/import/upload.js';
import { ProblemFilter } from '../../../libs/http/problem.filter.js';
import type { Served } from '../../../libs/http/served-hosts.js';

export const BODY_BYTES_MAX = 1024 * 1024;
const PARAM_CHARACTERS_MAX = 200;

const ON_LOOPBACK: Served = { host: '127.0.0.1' };

/** The HTTP application over a module, for the hosts that it is to serve; not yet listening. The server and the end-to-end tests share it. */
export async function createApp(module: DynamicModule, version: string, served: Served = ON_LOOPBACK): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: BODY_BYTES_MAX, routerOptions: { maxParamLength: PARAM_CHARACTERS_MAX, ignoreTrailingSlash: true }, forceCloseConnections: 'idle', frameworkErrors: onFrameworkError, clientErrorHandler: onClientError });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: ['error', 'warn', 'fatal'], abortOnError: false });
  guardDoors(app, served);
  parseJsonBodies(app, BODY_BYTES_MAX);
  await registerImportUploads(app);
  app.useGlobalFilters(new ProblemFilter());
  SwaggerModule.setup('docs', app, () => openApiDocument(app, version), { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml', customSiteTitle: 'Pipeledger API' });
  return app;
}
