import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { CommandRegistry } from '../dispatch/registry.js';

const DESCRIPTION = `Commands in, events kept, figures as of any day.

Every command may carry an \`Idempotency-Key\` (sent again it answers as it did the first time), an \`If-Match\` revision and \`occurredAt\`.
Every error is an RFC 9457 problem whose \`code\` is stable: see [/problems](/problems).`;

/** The OpenAPI 3.1 document of everything the application serves. */
export function openApiDocument(app: NestFastifyApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder().setTitle('Pipeledger').setDescription(DESCRIPTION).setVersion(version).setOpenAPIVersion('3.1.0').build();
  const document = SwaggerModule.createDocument(app, config);
  for (const { context, spec } of app.get(CommandRegistry).all()) {
    const schema = document.components?.schemas?.[spec.name];
    // As an item of a batch a command names its ids itself, but for that of a record that is only now made.
    if (spec.creates && schema && 'required' in schema && schema.required) schema.required = schema.required.filter((field) => field !== context.idField);
  }
  return document;
}
