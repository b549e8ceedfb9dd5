import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailable } from '../../../libs/eventstore/unavailable.js';
import { ReadStoreError } from '../../../libs/readstore/sql.js';
import { ConfigError } from './config.js';
import { explainFailure } from './explain-failure.js';

describe('an engine that could not start', () => {
  it.each<[string, Error, RegExp]>([
    ['a setting', new ConfigError('PORT must be a number.'), /^PORT must be a number\.$/],
    ['its port', Object.assign(new Error('listen'), { code: 'EADDRINUSE' }), /^Port 3000 is taken/],
    ['its directory', Object.assign(new Error('The data directory x cannot be used: …'), { name: 'DataDirectoryError' }), /^The data directory x/],
    ['a damaged log', Object.assign(new Error('The event log is damaged in …'), { name: 'LogDamagedError' }), /^The event log is damaged in …$/],
    ['a right', Object.assign(new Error('open /x'), { code: 'EACCES' }), /^open \/x: no permission/],
  ])('says in one sentence that %s was the reason', (_, error, sentence) => {
    expect(explainFailure(error, 3000)).toMatch(sentence);
    expect(explainFailure(error, 3000)).not.toContain('\n');
  });

  const away = new ReadStoreError('unavailable', 'connect ECONNREFUSED 127.0.0.1:1', undefined);
  it.each<[string, Error, object, RegExp]>([
    ['ESDB_URL', new EventStoreUnavailable('no answer'), { eventStoreUrl: 'esdb://x' }, /is the one at ESDB_URL running/],
    ['DATABASE_URL', away, { databaseUrl: 'postgres://x' }, /ECONNREFUSED.*DATABASE_URL/],
    ['its event store', new EventStoreUnavailable('no answer'), {}, /^The embedded event store (?!.*_URL)/],
    ['its PGlite', away, {}, /^The embedded read store \(PGlite\) (?!.*_URL)/],
  ])('names what it waited for: %s', (_, error, config, sentence) => {
    expect(explainFailure(error, 3000, config)).toMatch(sentence);
  });

  it('shows the stack of a fault of its own', () => expect(explainFailure(new TypeError('oops'), 3000)).toMatch(/^TypeError: oops\n\s+at /));
});
