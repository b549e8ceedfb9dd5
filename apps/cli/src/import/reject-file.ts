import { once } from 'node:events';
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { ImportReport } from '../../../../libs/import/report.js';
import { CliError } from '../terminal.js';

const HEADER = 'line,field,reason,code,file\n';

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The rows that were refused, each with line, field and reason. The file comes into being with the first of them. */
export class RejectFile {
  #stream: WriteStream | undefined;
  #path: string | undefined;

  /** The first of the paths that can be written to is taken. */
  constructor(readonly paths: readonly string[]) {}

  get path(): string | undefined {
    return this.#path;
  }

  async add({ line, field, reason, code, file }: ImportReport & { readonly kind: 'reject' }): Promise<void> {
    this.#stream ??= await this.#open();
    const row = [String(line), field, reason, code, file ?? ''].map(quoted).join(',');
    if (!this.#stream.write(`${row}\n`)) await once(this.#stream, 'drain');
  }

  /** Without a refused row, an earlier run's file is emptied: it says nothing of this one. */
  async close(): Promise<void> {
    if (this.#stream) {
      this.#stream.end();
      await finished(this.#stream);
      return;
    }
    const [first] = this.paths;
    if (first !== undefined && existsSync(first)) await writeFile(first, HEADER).catch(() => undefined); // where it cannot be written, it was not ours
  }

  async #open(): Promise<WriteStream> {
    for (const path of this.paths) {
      const stream = createWriteStream(path);
      const opened = await once(stream, 'open').then(() => true, () => false);
      if (!opened) continue;
      this.#path = path;
      stream.write(HEADER);
      return stream;
    }
    throw new CliError(`The refused rows cannot be written to ${this.paths.join(' or ')}: name another file with --rejects.`);
  }
}
