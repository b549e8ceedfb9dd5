import type { DynamicModule } from '@nestjs/common';

/** Token of what tells whether deadlines are marked. */
export const CLOCK_HEALTH = Symbol('clock health');

export interface ClockHealth {
  /** Why deadlines are not marked at present, in a sentence; undefined where they are. */
  problem(): string | undefined;
}

/** An API whose /health tells of that clock too. */
export const withClockHealth = (api: DynamicModule, clock: ClockHealth): DynamicModule => ({ ...api, providers: [...(api.providers ?? []), { provide: CLOCK_HEALTH, useValue: clock }] });
