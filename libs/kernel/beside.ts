import type { ReportView } from './report.js';

/**
 * What the answer to one command tells besides its outcome: looked up in read models after the command was accepted, for whoever
 * sent it. No decision rests on it, and a view that is behind makes it incomplete, never the command wrong.
 */
export interface Beside {
  /** Name of the command. */
  readonly command: string;
  /** The field of the answer it stands in. */
  readonly field: string;
  /** The field as OpenAPI tells it. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The projections whose tables are looked at. */
  readonly projections: readonly string[];
  /** @param fields of the command as it was sent, accepted by now; `accepted` names its aggregate and where in the log it ended */
  look(view: ReportView, fields: Readonly<Record<string, unknown>>, accepted: { readonly id: string; readonly position: number }): Promise<object>;
}
