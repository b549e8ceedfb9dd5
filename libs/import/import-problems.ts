import type { Problem, ProblemSpec } from '../http/problem.js';
import { ProblemError } from '../http/problem.js';

/** What can be wrong with an import as a whole; nothing has been written then. What is wrong with a row is told in the report. */
export const IMPORT_PROBLEMS = {
  import_map_invalid: { status: 400, title: 'The map of the import has errors.' },
  import_part_missing: { status: 400, title: 'The import lacks a part; it takes map, then the files that the map names, then data.' },
  import_file_unreadable: { status: 400, title: 'A file of the import cannot be read as CSV.' },
  import_column_missing: { status: 400, title: 'A file of the import lacks columns that the map takes values from.' },
  import_setup_refused: { status: 422, title: 'A setup command of the map was refused.' },
} as const satisfies Record<string, ProblemSpec>;
export type ImportProblemCode = keyof typeof IMPORT_PROBLEMS;

export const importProblem = (code: ImportProblemCode, more: Pick<Problem, 'detail' | 'errors'> = {}): ProblemError => new ProblemError({ type: `/problems/${code}`, ...IMPORT_PROBLEMS[code], code, ...more });
