import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CsvReader, ROW_CHARACTERS_MAX, type CsvRecord } from './csv-reader.js';

const OPTIONS = { delimiter: ',', quote: '"', encoding: 'utf-8' };

async function read(bytes: Uint8Array | string, piece = 1_000_000, options: ConstructorParameters<typeof CsvReader>[0] = OPTIONS): Promise<CsvRecord[]> {
  const whole = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  async function* pieces() {
    for (let at = 0; at < whole.length; at += piece) yield whole.subarray(at, at + piece);
  }
  const records: CsvRecord[] = [];
  for await (const record of new CsvReader(options).records(pieces())) records.push(record);
  return records;
}

const row = (line: number, ...cells: string[]): CsvRecord => ({ kind: 'row', line, cells });

describe('a CSV file', () => {
  it('is rows of cells, each with its line, whatever the line ends are', async () => {
    for (const end of ['\n', '\r\n', '\r']) expect(await read(`a,b${end}1,2${end}${end}3,"x${end}y"${end}5,`)).toEqual([row(1, 'a', 'b'), row(2, '1', '2'), row(4, '3', 'x\ny'), row(6, '5', '')]);
  });

  it('knows quotes, doubled quotes, and delimiters within them', async () => {
    expect(await read('"a ""b"" c","x,y", "z" ,\'q\'\n')).toEqual([row(1, 'a "b" c', 'x,y', 'z', "'q'")]);
    expect(await read('a;"b', 9, { delimiter: ';', encoding: 'utf-8' })).toEqual([row(1, 'a', '"b')]);
  });

  it('leaves out a byte order mark, and lines with nothing in them', async () => {
    expect(await read('\ufeffa,b\n,\n   \n1,2')).toEqual([row(1, 'a', 'b'), row(4, '1', '2')]);
  });

  it('can be in another encoding', async () => {
    expect(await read(Buffer.from('Zoë;1', 'latin1'), 9, { delimiter: ';', encoding: 'windows-1252' })).toEqual([row(1, 'Zoë', '1')]);
    expect(await read(Buffer.from('\ufeffZoë,1\n', 'utf16le'), 3, { delimiter: ',', encoding: 'utf-16le' })).toEqual([row(1, 'Zoë', '1')]);
  });

  it('reads the same however its bytes are cut into pieces', async () => {
    const cell = fc.array(fc.constantFrom('a', 'é', '€', '"', ',', '\n', '\r', ' ', '😀'), { maxLength: 5 }).map((signs) => signs.join(''));
    await fc.assert(fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 3 }), { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), async (rows, piece) => {
      const text = rows.map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\r\n');
      expect(await read(text, piece)).toEqual(await read(text));
    }));
  });

  it('gives back whatever was written to it by the book', async () => {
    const cell = fc.array(fc.constantFrom('a', 'é', '"', ',', '\n', ' x', '😀'), { minLength: 1, maxLength: 5 }).map((signs) => signs.join(''));
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constant('k'), cell), { maxLength: 6 }), async (rows) => {
      const text = rows.map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\n');
      expect((await read(text, 5)).map((record) => (record.kind === 'row' ? record.cells : record))).toEqual(rows);
    }));
  });
});

describe('a broken row', () => {
  const broken = (line: number, reason: RegExp) => expect.objectContaining({ kind: 'broken', line, reason: expect.stringMatching(reason) });

  it('costs that row alone: a quote in the middle of a field', async () => {
    expect(await read('1,x"y\n2,b\n')).toEqual([broken(1, /quote in the middle/), row(2, '2', 'b')]);
  });

  it('costs that row alone: text after a closing quote', async () => {
    expect(await read('1,"x"y\n2,b\n', 4)).toEqual([broken(1, /goes on after the closing quote/), row(2, '2', 'b')]);
  });

  it('costs that row alone: a quote that is never closed', async () => {
    expect(await read('1,a\n2,"x\n3,c\n4,d', 5)).toEqual([row(1, '1', 'a'), broken(2, /never closed/), row(3, '3', 'c'), row(4, '4', 'd')]);
  });

  it('costs that row alone: a field larger than any row may be', async () => {
    expect(await read(`1,${'x'.repeat(ROW_CHARACTERS_MAX + 10)}\n2,b\n`, 65_536)).toEqual([broken(1, /is longer than/), row(2, '2', 'b')]);
    expect((await read(`1,"${`${'x'.repeat(5_000)}\n`.repeat(300)}`, 65_536)).map(({ kind }) => kind)).toEqual(['broken', ...Array.from({ length: 299 }, () => 'row')]);
  });
});
