import { Logger } from '@nestjs/common';
import type { Beside } from '../kernel/beside.js';
import { withView } from '../projector/open-view.js';
import type { CommandAnswer } from './accept-command.js';
import type { ReadSide } from './read-side.js';

/**
 * The command is carried out: whoever sent it does not wait longer than this for what is only told besides. It takes
 * milliseconds; the limit is for a read store that hangs, and a machine that is only busy stays within it.
 */
const LOOK_MS_MAX = 10_000;
const logger = new Logger('beside');

/** What stands beside the answer; null where the read models cannot be asked now or take too long. Never throws: the command was accepted. */
export async function lookBeside(beside: Beside, { store }: ReadSide, fields: Readonly<Record<string, unknown>>, answer: CommandAnswer): Promise<object | null> {
  const failed = (error: unknown): null => {
    logger.warn(`the answer to ${beside.command} tells no ${beside.field}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => { timer = setTimeout(() => resolve(failed(`not found out within ${LOOK_MS_MAX} ms`)), LOOK_MS_MAX); });
  try {
    return await Promise.race([withView(store, beside.projections, undefined, (view) => beside.look(view, fields, answer)).catch(failed), late]);
  } finally {
    clearTimeout(timer);
  }
}
