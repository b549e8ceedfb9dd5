import type { Fed, PageFeed } from './page-feed.js';
import type { Ahead, PartitionWriter, Work } from './partition-writer.js';
import type { Slots } from './slots.js';

/** A batch on its way into the store. What it was folded from is no part of it: it can be forgotten as soon as it has landed. */
interface Flight {
  /** By writer. */
  readonly ahead: readonly Ahead[];
  /** Whether all was written as it was folded. */
  readonly landed: Promise<boolean>;
}

async function commitAll(writers: readonly PartitionWriter[], works: readonly Work[]): Promise<boolean> {
  let asFolded = true;
  for (const [index, writer] of writers.entries()) asFolded = (await writer.commit(works[index]!)) && asFolded;
  return asFolded;
}

const NO_SLOT = (): void => undefined;

async function foldAll(writers: readonly PartitionWriter[], fed: Fed, behind: Flight | undefined): Promise<Work[]> {
  const works: Work[] = [];
  for (const [index, writer] of writers.entries()) works.push(await writer.fold(fed, behind?.ahead[index]));
  return works;
}

/**
 * Writes what a feed gives, batch after batch, and tells of each one committed; ends when the feed does, or when `committed` says that
 * it is enough. Behind the log, the next batch is folded while the store commits the one before: each has its own processor to run on.
 * Should that commit fail, what was folded on it is thrown away with it. Behind, each batch waits for one of the `slots`; caught up, none
 * does: someone may be waiting for it.
 * @throws what the feed and the writers throw
 */
export async function writeLog(feed: PageFeed, writers: readonly PartitionWriter[], committed: (fed: Fed) => boolean | void, slots?: Slots): Promise<boolean> {
  let flight: Flight | undefined;
  let enough = false;
  const start = (fed: Fed, works: readonly Work[]): Flight => {
    const landed = commitAll(writers, works).then((asFolded) => {
      enough = committed(fed) === true;
      return asFolded;
    });
    landed.catch(() => undefined); // thrown where it is waited for
    return { ahead: works.map(({ ahead }) => ahead), landed };
  };
  const fold = async (fed: Fed): Promise<Work[]> => {
    const works = await foldAll(writers, fed, flight);
    return flight && !(await flight.landed) ? foldAll(writers, fed, undefined) : works;
  };
  /** Folds what is fed next and sets out to commit it. What it holds meanwhile goes with it. @returns whether there may be more */
  const advance = async (): Promise<boolean> => {
    const fed = await feed.take();
    if (!fed) return false;
    const freeSlot = fed.caughtUp || !slots ? NO_SLOT : await slots.take();
    let works: Work[];
    try {
      works = await fold(fed);
    } catch (error) {
      freeSlot();
      throw error;
    }
    if (enough) {
      freeSlot();
      return false;
    }
    flight = start(fed, works);
    flight.landed.then(freeSlot, freeSlot);
    if (!fed.caughtUp) return true;
    // Nothing to fold meanwhile, and someone may be waiting for this very batch.
    await flight.landed;
    flight = undefined;
    return !enough;
  };
  while (await advance());
  await flight?.landed;
  return enough;
}
