import type { SimulationOptions } from '../../libs/simulation/options.js';

/** Long enough for every report to have something to say, small enough to be written in seconds. */
export const DEMO_COMPANY: SimulationOptions = { seed: 9, months: 5, team: 6, end: '2026-11-01', events: 3_000 };
