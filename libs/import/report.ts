/** What an import tells while it runs: one JSON object a line. */
export interface ImportCounts {
  readonly rows: number;
  /** Rows that became at least one command and were taken. */
  readonly accepted: number;
  /** Of the accepted rows, those that changed nothing: an earlier run had carried them out. */
  readonly replayed: number;
  /** Rows for which no command of the map held. */
  readonly skipped: number;
  readonly rejected: number;
  readonly commands: number;
  readonly events: number;
}

export interface PreviewEvent {
  readonly stream: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
}

export type ImportReport =
  | { readonly kind: 'start'; readonly source: string; readonly dryRun: boolean; readonly steps: readonly string[] }
  | ({ readonly kind: 'progress'; readonly step: string; readonly bytesRead: number } & ImportCounts)
  /** `file` only where it is not the main one. One row may have several; they share its line. */
  | { readonly kind: 'reject'; readonly file?: string; readonly line: number; readonly field: string; readonly reason: string; readonly code: string }
  | { readonly kind: 'preview'; readonly file?: string; readonly line: number; readonly events: readonly PreviewEvent[] }
  | ({ readonly kind: 'summary'; readonly dryRun: boolean; readonly limited: boolean; readonly bytesRead: number; readonly durationMs: number; readonly rowsByStep: Readonly<Record<string, number>> } & ImportCounts)
  /** The import could not go on; what was written stays, and running it again goes on from there. */
  | ({ readonly kind: 'failed'; readonly code: string; readonly detail: string } & ImportCounts);
