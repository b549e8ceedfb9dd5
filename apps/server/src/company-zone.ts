import { settingsAt } from '../../../libs/domain/policy/facts.js';
import type { Ledger } from '../../../libs/eventstore/transact.js';

/** The zone that the company's days are of, as the log tells it now. @throws EventStoreUnavailable */
export const companyZone = async ({ facts, now }: Ledger): Promise<string> =>
  (await settingsAt(facts.reader(false), now())).zone;
