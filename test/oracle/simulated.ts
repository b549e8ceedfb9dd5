import { contexts } from '../../libs/domain/contexts.js';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { SimulationOptions } from '../../libs/simulation/options.js';
import { ShadowLog } from '../../libs/simulation/shadow-log.js';
import { simulate } from '../../libs/simulation/simulate.js';
import type { Said } from '../../libs/testing/in-memory-log.js';

/** What comes behind the colon of a simulated command's id: the how manieth it is. */
const nth = (commandId: string): number => Number(commandId.slice(commandId.lastIndexOf(':') + 1));

/**
 * A made-up company's life as a log: each event recorded at the virtual moment of its command. The simulation gives its commands
 * by day and aggregate; deciding them once more, in their own order, gives what each of them wrote.
 * @throws when a command is refused
 */
export async function simulatedHistory(options: SimulationOptions): Promise<Said<DomainEvent>[]> {
  const decided = new ShadowLog(contexts);
  const told: Said<DomainEvent>[] = [];
  for await (const { groups, refused } of simulate(options)) {
    if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`);
    const intents = groups.flatMap((group) => group.intents).sort((a, b) => nth(a.commandId) - nth(b.commandId));
    for (const { command, actor, occurredAt, commandId } of intents) {
      const { events } = await decided.decide({ command, actor }, occurredAt, commandId);
      told.push(...events.map(({ type, data, stream }) => ({ type, data, stream, actor, occurredAt, recordedAt: occurredAt })));
    }
  }
  return told;
}
