import { ApiProperty } from '@nestjs/swagger';

/** Described once for the OpenAPI page; the values are plain objects. */
class EventReference {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'LeadQualified' }) type!: string;
}

export class CommandAnswerSchema {
  @ApiProperty({ description: 'The aggregate' }) id!: string;
  @ApiProperty({ example: 'lead-4711' }) stream!: string;
  @ApiProperty({ type: 'integer', description: 'Revision of the last event of this command; also the ETag' }) revision!: number;
  @ApiProperty({ type: 'integer', description: 'Log position; ask a report for at least this one to read your own write' }) position!: number;
  @ApiProperty({ type: [EventReference] }) events!: EventReference[];
  @ApiProperty({ description: 'The command had been carried out before; nothing was written now' }) replayed!: boolean;
}

export class OccurredAtSchema {
  @ApiProperty({ required: false, format: 'date-time', description: 'When it happened in the business; left out: now' }) occurredAt?: string;
}

class FieldErrorSchema {
  @ApiProperty({ example: 'dueAt' }) field!: string;
  @ApiProperty() message!: string;
}

/** RFC 9457. */
export class ProblemSchema {
  @ApiProperty({ example: '/problems/lead_not_found' }) type!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ type: 'integer' }) status!: number;
  @ApiProperty({ description: 'Stable; switch on it' }) code!: string;
  @ApiProperty({ required: false }) detail?: string;
  @ApiProperty({ required: false }) instance?: string;
  @ApiProperty({ required: false, type: [FieldErrorSchema] }) errors?: FieldErrorSchema[];
}
