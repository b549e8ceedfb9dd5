import type { DynamicModule } from '@nestjs/common';
import { CLOCK_HOLD, type ClockHold } from './clock-hold.js';
import { SimulationController } from './simulation.controller.js';

/** An API that can also play a made-up company, holding that clock meanwhile. */
export const withSimulation = (api: DynamicModule, clock: ClockHold): DynamicModule => ({
  ...api, controllers: [...(api.controllers ?? []), SimulationController], providers: [...(api.providers ?? []), { provide: CLOCK_HOLD, useValue: clock }],
});
