import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../apps/cli/src/main.js';
import { EXAMPLE, startImportServer } from './import-support.js';

let server: Awaited<ReturnType<typeof startImportServer>>;
let directory: string;
beforeAll(async () => { server = await startImportServer(); });
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'pipeledger-import-')); });
afterAll(() => server.stop());

/** What a command line writes, and the code it ends with. Its clock stands still: no line of progress comes between on a busy machine. */
async function run(...words: string[]) {
  const written = { out: '', err: '' };
  const code = await runCli(words, { out: (text) => { written.out += text; }, err: (text) => { written.err += text; }, errIsTty: false, env: { PIPELEDGER_URL: server.url }, nowMs: () => 0 });
  return { code, ...written };
}

/** The example in a directory that can be written to. */
async function exampleCopy(): Promise<{ map: string; data: string }> {
  for (const name of ['map.yaml', 'sales_pipeline.csv', 'sales_teams.csv', 'products.csv']) await copyFile(fileURLToPath(new URL(name, EXAMPLE)), join(directory, name));
  return { map: join(directory, 'map.yaml'), data: join(directory, 'sales_pipeline.csv') };
}

/** A server of which only the way it ends a request is of interest. */
async function otherServer(answer: (server: Server) => void): Promise<{ url: string; close: () => void }> {
  const other = createServer();
  answer(other);
  await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`, close: () => { other.closeAllConnections(); other.close(); } }; // it listens on TCP
}

describe('pipeledger import', () => {
  it('shows in a dry run the first rows as events, then takes them, then has nothing more to do', async () => {
    const { map, data } = await exampleCopy();
    const dry = await run('import', '--map', map, '--dry-run', '--rows', '1', data);
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toMatch(/^teams, line 2\n {2}MemberAdded in member-.*\n[^]*\nline 2\n {2}DealOpened in deal-PE962RZM at 2024-03-02T00:00:00.000Z\n {4}\{"dealId":"PE962RZM"/);
    expect(dry.out).toMatch(/48 rows \(team 8, deals 40\): 48 would be taken\. 84 events would be written/);
    expect((await run('import', '--map', map, data)).out).toMatch(/^48 rows \(team 8, deals 40\): 48 taken\. 84 events written/);
    expect(await run('import', '--map', map, data)).toMatchObject({ code: 0, out: expect.stringMatching(/: 48 were in already\. 0 events written/) });
    await rm(directory, { recursive: true });
  });

  it('keeps the refused rows in a file, with line, field and reason, and says so in its exit code', async () => {
    const { map, data } = await exampleCopy();
    const text = await readFile(data, 'utf8');
    await writeFile(data, `${text}AAAA1111,"Nobody, Known",Skiff,,Won,2024-01-02,2024-02-03,100\nAAAA2222,Luc Morand,Raft,,Engaging,tomorrow,,\n`);
    const { code, out, err } = await run('import', '--map', map, data);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`2 refused\\. [^]*The refused rows are in ${data}\\.rejects\\.csv\\.`));
    expect(err).toMatch(/^line 42: sales_agent "Nobody, Known" is no sales_agent in teams\n/);
    expect((await readFile(`${data}.rejects.csv`, 'utf8')).split('\n')).toEqual([
      'line,field,reason,code,file',
      '42,sales_agent,"""Nobody, Known"" is no sales_agent in teams",lookup_not_found,',
      '43,engage_date,"""tomorrow"" is no date in ISO 8601, such as 2026-03-01 or 2026-03-01T09:00",date_malformed,',
      '43,product,"""Raft"" is no product in products",lookup_not_found,',
      '',
    ]);
    await writeFile(data, text);
    expect((await run('import', '--map', map, data)).code).toBe(0);
    expect(await readFile(`${data}.rejects.csv`, 'utf8')).toBe('line,field,reason,code,file\n');
    await rm(directory, { recursive: true });
  });

  it('takes a file that is elsewhere, or says where it looked', async () => {
    const { map, data } = await exampleCopy();
    await rm(join(directory, 'products.csv'));
    expect(await run('import', '--map', map, data)).toEqual({ code: 2, out: '', err: 'The map names a file products (products.csv), which is neither beside the CSV file nor beside the map: give it with --lookup products=FILE.\n' });
    expect((await run('import', '--map', map, data, '--lookup', `products=${fileURLToPath(new URL('products.csv', EXAMPLE))}`)).code).toBe(0);
    await rm(directory, { recursive: true });
  });

  it('says in a sentence what is wrong with how it is used', async () => {
    const { map, data } = await exampleCopy();
    expect(await run('import', data)).toMatchObject({ code: 2, err: expect.stringMatching(/required option '--map <map>' not specified/) });
    expect(await run('import', '--map', join(directory, 'none.yaml'), data)).toMatchObject({ code: 2, err: `There is no file ${join(directory, 'none.yaml')}.\n` });
    expect(await run('import', '--map', map, data, '--limit', '0')).toMatchObject({ code: 2, err: expect.stringMatching(/whole number, 1 or more/) });
    expect(await run('import', '--map', map, data, '--lookup', 'teams')).toMatchObject({ code: 2, err: expect.stringMatching(/must be NAME=FILE/) });
    expect(await run('import', '--map', map, data, '--url', 'nowhere')).toMatchObject({ code: 2, err: 'nowhere is no address such as http://127.0.0.1:3000.\n' });
    await writeFile(map, 'source: crm\nstepz: []\n');
    expect(await run('import', '--map', map, data)).toMatchObject({ code: 2, err: expect.stringMatching(/^The map of the import has errors\.\n {2}stepz: is not known here; .*\(line 2\)\n {2}expected steps: what becomes of the rows/) });
    await rm(directory, { recursive: true });
  });

  it('says how to start the engine where none answers', async () => {
    const { map, data } = await exampleCopy();
    const other = await otherServer(() => undefined);
    other.close();
    expect(await run('import', '--map', map, data, '--url', other.url)).toEqual({ code: 2, out: '', err: `The engine does not answer at ${other.url}: start it with npm start, or name another with --url.\n` });
    await rm(directory, { recursive: true });
  });

  it('says that running it again goes on, where the engine goes away in the middle', async () => {
    const { map, data } = await exampleCopy();
    const other = await otherServer((raw) => raw.on('request', (request, response) => {
      request.resume();
      response.writeHead(200).write('{"kind":"start","source":"crm","dryRun":false,"steps":[]}\n', () => request.socket.destroy());
    }));
    expect(await run('import', '--map', map, data, '--url', other.url)).toMatchObject({ code: 2, err: expect.stringMatching(/^The engine went away before the end.*Run the same command again to go on: what is in is not written twice\.\n$/) });
    other.close();
    await rm(directory, { recursive: true });
  });

  it('names its commands and their options', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringMatching(/import .*[^]*eventstore/) });
    expect(await run('import', '--help')).toMatchObject({ code: 0, out: expect.stringMatching(/--dry-run[^]*Exit code: 0 all rows are in/) });
    expect(await run('eventstore', '--help')).toMatchObject({ code: 0, out: expect.stringMatching(/--tls-cert[^]*check/) });
    expect(await run('exprot')).toMatchObject({ code: 2, err: expect.stringMatching(/unknown command 'exprot'/) });
  });
});
