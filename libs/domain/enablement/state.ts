import type { Instant, LocalDate } from '../../kernel/event.js';
import type { Change } from '../in-force.js';
import type { MemberStanding } from '../member/facts.js';
import type { MaterialKind } from './events.js';

export type Training =
  | { readonly of: 'training'; readonly status: 'assigned'; readonly memberId: string; readonly course: string; readonly assignedAt?: Instant }
  | { readonly of: 'training'; readonly status: 'completed'; readonly scorePercent?: number };

export interface Certification {
  readonly of: 'certification';
  readonly memberId: string;
  readonly certificate: string;
  readonly issuedOn: LocalDate;
  readonly expiresOn?: LocalDate;
  readonly issuer?: string;
  readonly expired?: true;
}

/** What a publication says of a material: all of it. */
export interface MaterialContent {
  readonly title: string;
  readonly kind: MaterialKind;
  readonly edition: string | undefined;
  readonly product: string | undefined;
  readonly url: string | undefined;
}

export interface Material extends MaterialContent {
  readonly of: 'material';
  /** Its publications in the order in which they came into force: what is told late takes its place in between. */
  readonly changes: readonly Change<MaterialContent>[];
}

/** What was shared with one deal or lead: a stream of its own, so that a material's does not grow with its use. */
export interface Shares {
  readonly of: 'shares';
  /** `shareKey` of each. */
  readonly shared: ReadonlySet<string>;
}

export type Enablement = { readonly of: 'nothing' } | Training | Certification | Material | Shares;

/** What a share needs to know of the material. */
export type MaterialStanding = { readonly status: 'unknown' } | { readonly status: 'published'; readonly edition?: string };

/** Each is read only for the commands that rest on it. */
export interface EnablementFacts {
  readonly member: MemberStanding;
  readonly material: MaterialStanding;
  readonly subjectExists: boolean;
}
