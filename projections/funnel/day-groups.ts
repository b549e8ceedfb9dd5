import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isLocalDate } from '../../libs/kernel/time.js';

/** Groups of days are for looking closely: more of them than this are no answer that anyone reads. */
const GROUPS_OF_DAYS_MAX = 366;
const DAY_MS = 86_400_000;

/** The field that says how figures are grouped; by day, `from` and `to` lie no more than a year apart. */
export const DaysOfOneYear = (): PropertyDecorator =>
  ValidateBy({
    name: 'daysOfOneYear',
    validator: {
      validate: (groupBy: unknown, args?: ValidationArguments) => {
        const [from, to]: unknown[] = args ? [Reflect.get(args.object, 'from'), Reflect.get(args.object, 'to')] : [];
        return groupBy !== 'day' || !isLocalDate(from) || !isLocalDate(to) || Date.parse(to) - Date.parse(from) < GROUPS_OF_DAYS_MAX * DAY_MS;
      },
      defaultMessage: () => `groupBy must not be day for a period of more than ${GROUPS_OF_DAYS_MAX} days`,
    },
  });
