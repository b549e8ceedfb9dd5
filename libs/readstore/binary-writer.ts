import { dayNumber, instantMs } from './binary-time.js';
import { ReadStoreError, type CopyType, type CopyValue } from './sql.js';

const PIECE_BYTES = 65_536;
/** What a character of JavaScript can take in UTF-8. */
const BYTES_A_CHARACTER_MAX = 3;
/** Up to so many characters, writing one by one costs less than calling the encoder. */
const SHORT_CHARACTERS = 40;
const ASCII_MAX = 0x7f;
const INT4_MAX = 2_147_483_647;
const INT2_BYTES = 2;
const INT4_BYTES = 4;
const INT8_BYTES = 8;
const UINT32 = 4_294_967_296;
const MICROSECONDS = 1_000;
const NULL_LENGTH = -1;
const JSONB_VERSION = 1;

function refuse(type: CopyType, value: CopyValue): never {
  const said = JSON.stringify(value);
  throw new ReadStoreError('rejected', `${said.length > 100 ? `${said.slice(0, 100)}…` : said} is no ${type}`, undefined);
}

/** Values in PostgreSQL's binary form, each behind its length, in pieces. What has no binary form of its type is refused, as the server refuses text that it cannot read. */
export class BinaryWriter {
  readonly #pieces: Buffer[] = [];
  #piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #at = 0;

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#piece.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  int2(value: number): void {
    this.#room(INT2_BYTES);
    this.#at = this.#piece.writeInt16BE(value, this.#at);
  }

  int4(value: number): void {
    this.#room(INT4_BYTES);
    this.#int4(value);
  }

  /** All that was written; nothing may be written any more. */
  end(): readonly Buffer[] {
    this.#pieces.push(this.#piece.subarray(0, this.#at));
    return this.#pieces;
  }

  value(type: CopyType, value: CopyValue): void {
    if (value === null) {
      this.#room(INT4_BYTES);
      return this.#int4(NULL_LENGTH);
    }
    switch (type) {
      case 'text': return typeof value === 'string' ? this.#text(value) : refuse(type, value);
      case 'json': return this.#text(JSON.stringify(value));
      case 'jsonb': return this.#text(JSON.stringify(value), JSONB_VERSION);
      case 'integer': return Number.isInteger(value) && Math.abs(Number(value)) <= INT4_MAX ? this.#whole4(Number(value)) : refuse(type, value);
      case 'bigint': return Number.isSafeInteger(value) ? this.#whole8(Math.floor(Number(value) / UINT32), Number(value)) : refuse(type, value);
      case 'timestamptz': return this.#instant((typeof value === 'string' ? instantMs(value) : undefined) ?? refuse(type, value));
      case 'date': return this.#whole4((typeof value === 'string' ? dayNumber(value) : undefined) ?? refuse(type, value));
      case 'boolean': return typeof value === 'boolean' ? this.#flag(value) : refuse(type, value);
      case 'double': return typeof value === 'number' ? this.#double(value) : refuse(type, value);
    }
  }

  /** Makes sure of so many bytes in the present piece. */
  #room(bytes: number): void {
    if (this.#piece.length - this.#at >= bytes) return;
    this.#pieces.push(this.#piece.subarray(0, this.#at));
    this.#piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytes));
    this.#at = 0;
  }

  #int4(value: number): void {
    const piece = this.#piece;
    const at = this.#at;
    piece[at] = value >>> 24;
    piece[at + 1] = value >>> 16;
    piece[at + 2] = value >>> 8;
    piece[at + 3] = value;
    this.#at = at + INT4_BYTES;
  }

  #whole4(value: number): void {
    this.#room(INT4_BYTES + INT4_BYTES);
    this.#int4(INT4_BYTES);
    this.#int4(value);
  }

  /** Of each half, the lowest 32 bits. */
  #whole8(high: number, low: number): void {
    this.#room(INT4_BYTES + INT8_BYTES);
    this.#int4(INT8_BYTES);
    this.#int4(high);
    this.#int4(low);
  }

  /** Microseconds are more than a number counts exactly from 2285 on: each half is multiplied by itself. */
  #instant(ms: number): void {
    const high = Math.floor(ms / UINT32);
    const low = (ms - high * UINT32) * MICROSECONDS;
    this.#whole8(high * MICROSECONDS + Math.floor(low / UINT32), low);
  }

  #flag(value: boolean): void {
    this.#room(INT4_BYTES + 1);
    this.#int4(1);
    this.#piece[this.#at] = value ? 1 : 0;
    this.#at += 1;
  }

  #double(value: number): void {
    this.#room(INT4_BYTES + INT8_BYTES);
    this.#int4(INT8_BYTES);
    this.#at = this.#piece.writeDoubleBE(value, this.#at);
  }

  #text(text: string, version?: number): void {
    this.#room(INT4_BYTES + 1 + text.length * BYTES_A_CHARACTER_MAX);
    const before = version === undefined ? 0 : 1;
    const begin = this.#at + INT4_BYTES;
    if (version !== undefined) this.#piece[begin] = version;
    const bytes = before + this.#characters(text, begin + before);
    this.#int4(bytes);
    this.#at += bytes;
  }

  /** @returns how many bytes were written */
  #characters(text: string, at: number): number {
    const piece = this.#piece;
    if (text.length > SHORT_CHARACTERS) return piece.write(text, at);
    for (let index = 0; index < text.length; index += 1) {
      const character = text.charCodeAt(index);
      if (character > ASCII_MAX) return piece.write(text, at);
      piece[at + index] = character;
    }
    return text.length;
  }
}
