import type { Instant, LocalDate } from '../../kernel/event.js';
import { endOfDay, localDay } from '../../kernel/local-time.js';
import { plusMinutes } from '../../kernel/time.js';

/** Where a day ends last of all. */
const LAST_ZONE = 'Etc/GMT+12';

/** When a certificate's last day is over, wherever its holder is: nobody is told that it has expired while it may be valid. */
export const expiredAt = (expiresOn: LocalDate): Instant => endOfDay(expiresOn, LAST_ZONE);

/** The last day of which `expiredAt` gave this moment. */
export const lastDayBefore = (expired: Instant): LocalDate => localDay(plusMinutes(expired, -1), LAST_ZONE);
