import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { contexts } from '../../domain/contexts.js';
import { CommandRegistry } from '../../dispatch/registry.js';
import { parseImportMap } from './parse-map.js';

const registry = new CommandRegistry(contexts);

const errorsOf = (text: string): string[] => {
  const parsed = parseImportMap(text, registry);
  return parsed.ok ? [] : parsed.errors.map(({ field, message }) => `${field}: ${message}`);
};

/** A right map but for what is put in. */
const withField = (field: string, top = '') => errorsOf(`source: crm
${top}
steps:
  - name: deals
    key: [id]
    commands:
      - command: OpenDeal
        fields:
          dealId: { from: id }
          name: { from: name }
          ownerId: { from: owner }
          value: { from: amount, money: { currency: EUR } }
          ${field}`);

const withCommand = (command: string) => errorsOf(`{ source: crm, steps: [{ name: deals, key: [id], commands: [${command}] }] }`);

describe('a map', () => {
  it('is right as the example is', async () => {
    expect(errorsOf(await readFile(new URL('../../../examples/crm-opportunities/map.yaml', import.meta.url), 'utf8'))).toEqual([]);
    expect(withField('')).toEqual([]);
  });

  it('is told where it is no YAML, by line', () => {
    expect(errorsOf('source: crm\nsteps: [')[0]).toMatch(/the map is not YAML: .*line/);
    expect(errorsOf('')[0]).toMatch(/expected a mapping with source and steps/);
    expect(errorsOf('source: a\nsource: b\n')[0]).toMatch(/not YAML: Map keys must be unique/);
  });

  it('is told each unknown word with its path, its line and what is known', () => {
    expect(withField('company: { form: firm }')).toEqual([
      'steps[0].commands[0].fields.company.form: is not known here; expected from, const, template, id, lookup, object, list, values, others, default, when, date, day, money, number, flag, split (line 13)',
      'steps[0].commands[0].fields.company: expected exactly one of from, const, template, id, lookup, object, list (line 13)',
    ]);
    expect(withField('', 'zoned: UTC')[0]).toMatch(/^zoned: is not known here; expected source, zone/);
  });

  it('names a command that the engine does not know, and fields that the command does not have or lacks', () => {
    expect(withCommand('{ command: OpenDeel, fields: {} }')[0]).toMatch(/^steps\[0\]\.commands\[0\]\.command: the engine knows no command OpenDeel; it knows .*OpenDeal/);
    expect(withField('colour: { const: red }')[0]).toMatch(/^steps\[0\]\.commands\[0\]\.fields\.colour: OpenDeal has no such field; it has dealId, name, .*\(line 13\)$/);
    expect(withCommand('{ command: CloseDeal, fields: { dealId: { from: id } } }')).toEqual(['steps[0].commands[0].fields: CloseDeal needs outcome (line 1)']);
  });

  it('lets a command that creates its record do without the id', () => {
    expect(withCommand('{ command: OpenDeal, fields: { name: { from: n }, ownerId: { from: o }, value: { from: v, money: { currency: EUR } } } }')).toEqual([]);
  });

  it('is told what a constant says that the command would refuse in every row', () => {
    expect(withCommand('{ command: CloseDeal, fields: { dealId: { from: id }, outcome: { const: Won } } }')[0]).toMatch(/^steps\[0\]\.commands\[0\]\.fields\.outcome: outcome must be one of/);
  });

  it('is told of zones, currencies, patterns and encodings that are none', () => {
    expect(withField('', 'zone: Zurich')[0]).toMatch(/^zone: expected an IANA time zone/);
    expect(withField('', 'currency: Euro')[0]).toMatch(/^currency: expected an ISO 4217 code/);
    expect(withField('expectedCloseOn: { from: due, day: { format: DD.MM.YYYY } }')[0]).toMatch(/^steps\[0\]\.commands\[0\]\.fields\.expectedCloseOn\.day\.format: "DD.MM.YYYY" is no pattern/);
    expect(withField('', 'csv: { encoding: utf-9 }')[0]).toMatch(/^csv\.encoding: expected an encoding/);
    expect(withField('', 'csv: { delimiter: ab }')[0]).toMatch(/^csv\.delimiter: expected one sign/);
  });

  it('is told of money without a currency', () => {
    expect(withCommand('{ command: OpenDeal, fields: { name: { from: n }, ownerId: { from: o }, value: { from: v, money: {} } } }')).toEqual(['steps[0].commands[0].fields.value.money: expected currency, here or at the top of the map (line 1)']);
  });

  it('is told of files that it uses and does not name', () => {
    expect(withField('region: { lookup: { file: teams, match: a, by: { from: owner }, take: b } }')[0]).toMatch(/lookup\.file: no file is called teams; files has none/);
    expect(withField('', 'files: { data: x.csv }')[0]).toMatch(/^files\.data: expected a name: .* other than map and data/);
  });

  it('is told of conditions that say nothing, or two things', () => {
    expect(withField('region: { from: r, when: { column: s } }')[0]).toMatch(/when: expected exactly one of equals, in, present, absent/);
    expect(withField('region: { from: r, when: { column: s, equals: a, in: [b] } }')[0]).toMatch(/when: expected exactly one of/);
    expect(withField('region: { from: r, when: { column: s, present: false } }')[0]).toMatch(/when\.present: expected true/);
  });

  it('has one step for the main file, and names that tell its parts apart', () => {
    expect(errorsOf('{ source: crm, steps: [] }')).toEqual(['steps: expected exactly one step without file: the one that reads the main file (line 1)']);
    expect(withCommand('{ command: SetPolicy, fields: { zone: { from: z } } }, { command: SetPolicy, fields: { zone: { from: z } } }')[0]).toMatch(/two commands of this step are called SetPolicy/);
    expect(errorsOf('{ source: "my crm", steps: [] }')[0]).toMatch(/^source: expected a name/);
  });

  it('is told everything that is wrong with it at once', () => {
    expect(withField('colour: { const: red }\n          region: { from: }', 'zone: Zurich')).toHaveLength(3);
  });

  it('cannot be made to nest or grow without end', () => {
    const deep = (levels: number): string => (levels === 0 ? '{ column: a, present: true }' : `{ not: ${deep(levels - 1)} }`);
    expect(withField(`region: { from: r, when: ${deep(50)} }`).join()).toMatch(/conditions nest at most/);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}`;
    expect(errorsOf(bomb)[0]).toMatch(/not usable YAML/);
  });
});
