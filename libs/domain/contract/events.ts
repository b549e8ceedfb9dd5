import type { EventCatalog, Instant } from '../../kernel/event.js';

export const CONTRACT_CHANNELS = ['e_signature', 'email', 'post', 'in_person', 'other'] as const;
export type ContractChannel = (typeof CONTRACT_CHANNELS)[number];

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type ContractEvent =
  | {
      type: 'ContractDrafted';
      /** `dueAt` is when it is to be signed by: given, or the policy's turnaround after the draft. */
      data: { contractId: string; dealId: string; clientId?: string; ownerId: string; title?: string; dueAt: Instant };
    }
  /** From here on it waits on the client; before, on us. */
  | { type: 'ContractSent'; data: { contractId: string; channel?: ContractChannel; note?: string } }
  | { type: 'ContractSigned'; data: { contractId: string; note?: string } }
  | { type: 'ContractVoided'; data: { contractId: string; reason: string } }
  /** It was not signed when its due time passed. It can still be signed, late. */
  | { type: 'ContractDeadlineMissed'; data: { contractId: string; dueAt: Instant } };

export const contractEvents: EventCatalog<ContractEvent> = {
  ContractDrafted: { version: 1, personal: [] },
  ContractSent: { version: 1, personal: [] },
  ContractSigned: { version: 1, personal: [] },
  ContractVoided: { version: 1, personal: [] },
  ContractDeadlineMissed: { version: 1, personal: [] },
};
