/** The event store did not answer, or not in time; whether an append took place is not known. */
export class EventStoreUnavailable extends Error {}

/** The keys of personal data cannot be read or written: what needs them has to wait, as for the event store itself. */
export class KeysUnavailable extends EventStoreUnavailable {}
