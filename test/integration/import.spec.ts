import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleFile, rejectsOf, send, startImportServer, summaryOf, type Parts } from './import-support.js';

let server: Awaited<ReturnType<typeof startImportServer>>;
beforeAll(async () => { server = await startImportServer(); });
afterAll(() => server.stop());

const example = async (changes: Partial<Record<'map' | 'teams' | 'products' | 'data', string | Uint8Array>> = {}): Promise<Parts> => [
  ['map', changes.map ?? (await exampleFile('map.yaml'))],
  ['teams', changes.teams ?? (await exampleFile('sales_teams.csv'))],
  ['products', changes.products ?? (await exampleFile('products.csv'))],
  ['data', changes.data ?? (await exampleFile('sales_pipeline.csv'))],
];

/** A source of its own, so that tests do not meet in the same deals. */
const dealMap = (source: string, more = '') => `
source: ${source}
setup:
  - { command: DefinePipeline, occurredAt: 2020-01-01, fields: { pipelineId: p, name: P, stages: [{ stage: open, name: Open, probabilityPercent: 50 }] } }
  - { command: AddMember, occurredAt: 2020-01-01, fields: { memberId: ${source}-ada, name: Ada, role: executive, zone: UTC } }
steps:
  - name: deals
    key: [id]
    commands:
      - name: open
        command: OpenDeal
        occurredAt: { from: opened }
        fields: { dealId: { id: { key: [id], prefix: ${source}- } }, name: { from: name }, ownerId: { const: ${source}-ada }, pipelineId: { const: p }, value: { from: amount, money: { currency: EUR } } }
      - name: close
        when: { column: closed, present: true }
        command: CloseDeal
        occurredAt: { from: closed }
        fields: { dealId: { id: { key: [id], prefix: ${source}- } }, outcome: { const: won } }
${more}`;
const HEADER = 'id,name,amount,opened,closed\n';
const importDeals = (source: string, rows: string, query = '') => send(server.url, [['map', dealMap(source)], ['data', HEADER + rows]], query);

describe('the example', () => {
  it('shows in a dry run what it would write, and writes nothing', async () => {
    const { reports } = await send(server.url, await example(), '?dryRun=true&rows=2');
    const previews = reports.flatMap((report) => (report.kind === 'preview' ? [report] : []));
    expect(previews.map(({ file, line, events }) => [file, line, events.map(({ type }) => type)])).toEqual([
      ['teams', 2, ['MemberAdded', 'MemberAdded']], [undefined, 2, ['DealOpened', 'DealClosed', 'CapacitySet']], [undefined, 3, ['DealOpened', 'DealClosed', 'CapacitySet']],
    ]);
    expect(previews[1]!.events[1]).toMatchObject({ stream: 'deal-PE962RZM', occurredAt: '2024-06-19T00:00:00.000Z', data: { outcome: 'won', value: { amountMinor: 1_048_800, currency: 'USD' } } });
    expect(summaryOf(reports)).toMatchObject({ dryRun: true, rows: 48, accepted: 48, rejected: 0, events: 84 });
    expect(await server.log.head()).toBe(-1);
  });

  it('becomes members, a pipeline and deals with the figures that its page tells', async () => {
    const { reports } = await send(server.url, await example(), '', { 'pipeledger-actor': 'grace', 'pipeledger-role': 'manager' });
    expect(summaryOf(reports)).toMatchObject({ dryRun: false, rows: 48, accepted: 48, replayed: 0, rejected: 0, events: 8 + 3 + 40 + 26 + 7, rowsByStep: { team: 8, deals: 40 } });
    const lines = (await exampleFile('sales_pipeline.csv')).trim().split('\n').slice(1);
    const histories = await Promise.all(lines.map((line) => server.log.read(`deal-${line.slice(0, 8)}`)));
    const closings = histories.flatMap((history) => history.flatMap((event) => (event.type === 'DealClosed' ? [event.data as { outcome: string; value: { amountMinor: number; currency: string } }] : [])));
    const won = closings.filter(({ outcome }) => outcome === 'won');
    expect(won.length).toBe(17);
    expect(won.reduce((sum, { value }) => sum + value.amountMinor, 0)).toBe(10_473_200);
    expect(closings.length - won.length).toBe(9);
    const stages = histories.filter((history) => history.length === 1).map(([opened]) => Reflect.get(opened!.data, 'stage') as string);
    expect([stages.filter((stage) => stage === 'engaging').length, stages.filter((stage) => stage === 'prospecting').length]).toEqual([10, 4]);
    expect(histories[0]![0]).toMatchObject({ occurredAt: '2024-03-02T00:00:00.000Z', actor: { id: 'grace', role: 'manager' }, correlationId: 'import:crm-opportunities', data: { ownerId: 'Luc_Morand', company: 'Vela Marine', region: 'South' } });
    expect(await server.log.read('member-Luc_Morand')).toEqual([expect.objectContaining({ data: expect.objectContaining({ teamId: 'Callum_Fairweather', managerId: 'Callum_Fairweather', region: 'South' }) }), expect.objectContaining({ type: 'CapacitySet' })]);
  });

  it('changes nothing when it is run again', async () => {
    const before = await server.log.head();
    const { reports } = await send(server.url, await example());
    expect(summaryOf(reports)).toMatchObject({ rows: 48, accepted: 48, replayed: 48, rejected: 0, events: 0 });
    expect(await server.log.head()).toBe(before);
  });
});

describe('a file', () => {
  it('that was half imported is gone on with, and what is new in it is added', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => `${index},Deal ${index},10,2021-01-02,\n`);
    expect(summaryOf((await importDeals('half', rows.join(''), '?limit=120')).reports)).toMatchObject({ limited: true, rows: 120, accepted: 120, events: 120 });
    const closed = rows.map((row, index) => (index === 5 ? row.replace(',\n', ',2021-02-03\n') : row));
    expect(summaryOf((await importDeals('half', closed.join(''))).reports)).toMatchObject({ rows: 200, accepted: 200, replayed: 119, rejected: 0 });
    expect((await server.log.read('deal-half-5')).map(({ type }) => type)).toEqual(['DealOpened', 'DealClosed']);
  });

  it('has each refused row told with line, field and reason, and nothing of it written', async () => {
    const { reports } = await importDeals('bad', [
      '1,Good,10,2021-01-02,2021-02-03', '2,No amount,ten,2021-01-02,', '3,No date,10,,', ',No key,10,2021-01-02,', '4,Closed too soon,10,2021-01-02,2020-12-31', '5,,10,2021-01-02,', '6,Too few,10',
      '7,x"y,10,2021-01-02,', '8,Future,10,2199-01-01,', '1,Other content,10,2021-01-02,', '9,Good,10,2021-01-02,', '',
    ].join('\n'));
    expect(rejectsOf(reports).sort((a, b) => a.line - b.line).map(({ line, field, code, reason }) => ({ line, field, code, reason }))).toEqual([
      { line: 3, field: 'amount', code: 'money_malformed', reason: '"ten" is no amount such as 1250.50' },
      { line: 4, field: 'opened', code: 'occurred_at_missing', reason: 'is empty, and open takes its time from it' },
      expect.objectContaining({ line: 5, field: 'id', code: 'key_missing' }),
      { line: 6, field: 'OpenDeal, CloseDeal', code: 'closed_before_opened', reason: expect.stringMatching(/cannot be closed before it was opened/) },
      { line: 7, field: 'name', code: 'field_missing', reason: 'is empty, and name is needed' },
      { line: 8, field: '', code: 'csv_field_count', reason: 'has 3 fields where the header has 5' },
      { line: 9, field: '', code: 'csv_quote_broken', reason: expect.stringMatching(/quote in the middle/) },
      { line: 10, field: 'OpenDeal', code: 'occurred_in_future', reason: expect.anything() },
      { line: 11, field: 'OpenDeal', code: 'command_id_reused', reason: 'was imported before, or stands elsewhere in the file, with other content under the same key' },
    ]);
    expect(summaryOf(reports)).toMatchObject({ rows: 11, accepted: 2, rejected: 9 });
    expect(await server.log.read('deal-bad-4')).toEqual([]);
  });

  it('may name in a row what a row before it brings into being', async () => {
    const people = Array.from({ length: 150 }, (_, index) => `m${index},${index === 0 ? '' : `m${index - 1}`}\n`).join('');
    const map = `{ source: people, steps: [{ name: people, key: [id], commands: [{ command: AddMember, fields: { memberId: { from: id }, name: { from: id }, role: { const: manager }, zone: { const: UTC }, managerId: { from: boss } } }] }] }`;
    expect(summaryOf((await send(server.url, [['map', map], ['data', `id,boss\n${people}`]])).reports)).toMatchObject({ accepted: 150, rejected: 0, events: 150 });
  });

  it('with a header and no rows is taken for what it is', async () => {
    expect(summaryOf((await importDeals('none', '')).reports)).toMatchObject({ rows: 0, accepted: 0 });
  });

  it('in another encoding has its rows refused, not its text spoilt', async () => {
    const { reports } = await send(server.url, [['map', dealMap('latin')], ['data', Buffer.from(`${HEADER}1,Zoë,10,2021-01-02,\n2,Ann,10,2021-01-02,\n`, 'latin1')]]);
    expect(rejectsOf(reports)).toEqual([expect.objectContaining({ line: 2, code: 'csv_not_text' })]);
    const told = await send(server.url, [['map', dealMap('latin', 'csv: { encoding: windows-1252 }')], ['data', Buffer.from(`${HEADER}1,Zoë,10,2021-01-02,\n`, 'latin1')]]);
    expect(rejectsOf(told.reports)).toEqual([]);
    expect((await server.log.read('deal-latin-1'))[0]!.data).toMatchObject({ name: 'Zoë' });
  });

  it('with a field larger than any row may be loses that row alone', async () => {
    const { reports } = await importDeals('huge', `1,${'x'.repeat(2_000_000)},10,2021-01-02,\n2,Ann,10,2021-01-02,\n`);
    expect(rejectsOf(reports)).toEqual([expect.objectContaining({ line: 2, code: 'csv_row_too_long' })]);
    expect(summaryOf(reports)).toMatchObject({ accepted: 1 });
  });
});

describe('an import that cannot be done as a whole', () => {
  const refusal = async (parts: Parts, query = '', headers = {}) => {
    const before = await server.log.head();
    const { status, problem } = await send(server.url, parts, query, headers);
    expect(await server.log.head()).toBe(before);
    return `${status} ${problem?.code}: ${problem?.detail ?? problem?.errors?.map(({ field, message }) => `${field}: ${message}`).join('; ')}`;
  };
  const map = dealMap('whole');

  it('is refused before anything is written, with the reason', async () => {
    expect(await refusal([['map', 'source: [']])).toMatch(/^400 import_map_invalid: : the map is not YAML/);
    expect(await refusal([['map', map.replace('OpenDeal', 'OpenDeel')], ['data', HEADER]])).toMatch(/^400 import_map_invalid: steps\[0\]\.commands\[0\]\.command: the engine knows no command OpenDeel/);
    expect(await refusal([['data', HEADER], ['map', map]])).toMatch(/^400 import_part_missing: data came before map/);
    expect(await refusal([['map', map]])).toBe('400 import_part_missing: data is missing: the file with the rows');
    expect(await refusal([['map', map], ['teams', 'a\n1\n'], ['data', HEADER]])).toMatch(/^400 import_part_missing: the map names no file teams/);
    expect(await refusal((await example()).filter(([name]) => name !== 'products'))).toMatch(/^400 import_part_missing: products must be sent before data/);
    expect(await refusal([['map', map], ['data', HEADER]], '?dryRun=perhaps&rows=-1')).toMatch(/^400 validation_failed: dryRun: .*; rows: /);
    expect(await refusal([['map', map], ['data', HEADER]], '', { 'pipeledger-role': 'analyst' })).toMatch(/^403 forbidden: DefinePipeline is for manager, admin/);
  });

  it('is refused when the file is not what the map takes it for', async () => {
    expect(await refusal([['map', map], ['data', '']])).toBe('400 import_file_unreadable: data is empty: it has no header line');
    expect(await refusal([['map', map], ['data', 'id,name,amount\n']])).toMatch(/^400 import_column_missing: data has no column opened, closed; it has id, name, amount/);
    expect(await refusal([['map', map], ['data', 'id,name,amount,opened,closed,name\n']])).toMatch(/^400 import_file_unreadable: data has two columns called name/);
    expect(await refusal([['map', map], ['data', '"id,name\n1,2\n']])).toMatch(/^400 import_file_unreadable: the header of data opens a quote that is never closed/);
    expect(await refusal([['map', map], ['data', Buffer.from(HEADER, 'utf16le')]])).toMatch(/^400 import_file_unreadable: data is not utf-8 text/);
    expect(await refusal(await example({ teams: 'sales_agent,manager,regional_office\nAnn,B,C\nAnn,B,C\n' }))).toMatch(/teams has "Ann" as sales_agent twice, in lines 2 and 3/);
  });

  it('is refused while a large body is still on its way, and the answer arrives', async () => {
    expect(await refusal([['map', 'source: ['], ['data', 'x'.repeat(20_000_000)]])).toMatch(/^400 import_map_invalid/);
  });

  it('is told that JSON is no import', async () => {
    const response = await fetch(`${server.url}/v1/imports`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    expect([response.status, await response.json()]).toEqual([415, expect.objectContaining({ code: 'unsupported_media_type' })]);
  });

  it('survives a sender that hangs up in the middle', async () => {
    const head = `--x\r\ncontent-disposition: form-data; name="map"; filename="m"\r\n\r\n${dealMap('hang')}\r\n--x\r\ncontent-disposition: form-data; name="data"; filename="d"\r\n\r\n${HEADER}`;
    const request = httpRequest(`${server.url}/v1/imports`, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' } });
    request.on('error', () => undefined);
    const answered = new Promise((resolve) => { request.on('response', resolve); });
    request.write(head + Array.from({ length: 50 }, (_, index) => `${index},Deal,10,2021-01-02,\n`).join(''));
    await answered;
    request.destroy();
    expect(summaryOf((await importDeals('hang', '1,Deal,10,2021-01-02,\n')).reports)).toMatchObject({ accepted: 1, rejected: 0 });
  });
});
