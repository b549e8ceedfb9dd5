import type { DomainEvent } from '../kernel/event.js';
import { projection } from '../kernel/projection.js';
import type { Said } from './in-memory-log.js';

/** Events of a tiny made-up business that the engine's own tests run on. */
export type AccountEvent =
  | { type: 'AccountOpened'; data: { accountId: string; owner: string } }
  | { type: 'AmountBooked'; data: { accountId: string; amount: number; tag: string } }
  | { type: 'AccountRenamed'; data: { accountId: string; owner: string } }
  | { type: 'OwnerForgotten'; data: { accountId: string } }
  | { type: 'AccountClosed'; data: { accountId: string } };

export interface Account {
  /** Null once forgotten. */
  readonly owner: string | null;
  readonly balance: number;
  readonly bookings: Readonly<Record<string, number>>;
}

/** A booking of this amount cannot be folded: poison for the tests. */
export const POISON_AMOUNT = 666;

/** One row an account and one a tag: rows that come, change and go. */
export const accounts = projection<Account, AccountEvent, 'account' | 'booking'>({
  name: 'accounts', version: 1,
  tables: {
    account: {
      comment: 'An account.', key: ['account_id'], indexes: [{ columns: ['owner'] }],
      columns: { account_id: { type: 'text', comment: 'Its id.' }, owner: { type: 'text', nullable: true, comment: 'Who owns it.' }, balance: { type: 'bigint', comment: 'Sum of its bookings.' }, detail: { type: 'jsonb', comment: 'All of it.' } },
    },
    booking: {
      comment: 'Sum of one tag.', key: ['account_id', 'tag'],
      columns: { account_id: { type: 'text', comment: 'The account.' }, tag: { type: 'text', comment: 'The tag.' }, amount: { type: 'bigint', comment: 'The sum.' }, booked_by: { type: 'text', nullable: true, comment: 'The owner.' } },
    },
  },
  events: ['AccountOpened', 'AmountBooked', 'AccountRenamed', 'OwnerForgotten', 'AccountClosed'],
  forgets: { on: 'OwnerForgotten', columns: { account: ['owner'], booking: ['booked_by'] } },
  key: (event) => (event.data.accountId === 'nobody' ? null : event.data.accountId),
  evolve(account, event) {
    switch (event.type) {
      case 'AccountOpened': return account ?? { owner: event.data.owner, balance: 0, bookings: {} };
      case 'AccountRenamed': return account && { ...account, owner: event.data.owner };
      case 'OwnerForgotten': return account && { ...account, owner: null };
      case 'AccountClosed': return undefined;
      case 'AmountBooked': {
        if (event.data.amount === POISON_AMOUNT) throw new RangeError('this amount is poison');
        if (!account) return account;
        const sum = (account.bookings[event.data.tag] ?? 0) + event.data.amount;
        const { [event.data.tag]: _, ...others } = account.bookings;
        return { ...account, balance: account.balance + event.data.amount, bookings: sum === 0 ? others : { ...others, [event.data.tag]: sum } };
      }
    }
  },
  rows: (account, id) => ({
    account: [{ account_id: id, owner: account.owner, balance: account.balance, detail: account.bookings }],
    booking: Object.entries(account.bookings).map(([tag, amount]) => ({ account_id: id, tag, amount, booked_by: account.owner })),
  }),
});

/** One row a booking, which nothing changes later. */
export const bookings = projection<{ readonly accountId: string; readonly amount: number }, Extract<AccountEvent, { type: 'AmountBooked' }>, 'booking'>({
  name: 'bookings', version: 1,
  tables: {
    booking: {
      comment: 'A booking.', key: ['booking_id'],
      columns: { booking_id: { type: 'text', comment: 'Its id.' }, account_id: { type: 'text', comment: 'The account.' }, amount: { type: 'bigint', comment: 'The amount.' } },
    },
  },
  events: ['AmountBooked'],
  keyPerEvent: true,
  key: (event) => event.id,
  evolve: (_, { data }) => ({ accountId: data.accountId, amount: data.amount }),
  rows: ({ accountId, amount }, id) => ({ booking: [{ booking_id: id, account_id: accountId, amount }] }),
});

export const opened = (accountId: string, owner = 'ada'): Said<AccountEvent> => ({ type: 'AccountOpened', data: { accountId, owner }, stream: `account-${accountId}` });
export const booked = (accountId: string, amount: number, tag = 'a'): Said<AccountEvent> => ({ type: 'AmountBooked', data: { accountId, amount, tag }, stream: `account-${accountId}` });
export const renamed = (accountId: string, owner: string): Said<AccountEvent> => ({ type: 'AccountRenamed', data: { accountId, owner }, stream: `account-${accountId}` });
export const ownerForgotten = (accountId: string): Said<AccountEvent> => ({ type: 'OwnerForgotten', data: { accountId } });
export const closed = (accountId: string): Said<AccountEvent> => ({ type: 'AccountClosed', data: { accountId }, stream: `account-${accountId}` });
/** An event of a type that no projection here wants. */
export const unrelated = (): Said<DomainEvent> => ({ type: 'SomethingElse', data: {}, stream: 'other-1' });
