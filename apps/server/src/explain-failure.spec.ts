import { describe, expect, it } from '@jest/globals';
import { EventStoreUnavailable } from '../../../libs/eventstore/unavailable.js';
import { ReadStoreError } from '../../../libs/readstore/sql.js';
import { ConfigError } from './config.js';
import { explainFailure } from './explain-failure.js';
import { NotAnsweredError } from './until-answered.js';

describe('an engine that could not start', () => {
  it.each<[string, Error, RegExp]>([
    ['a setting', new ConfigError('PORT must be a number.'), /^PORT must be a number\.$/],
    ['the event store', new EventStoreUnavailable('no answer'), /^The event store does not answer \(no answer\)\.$/],
    ['what was waited for', new NotAnsweredError('The event store at ESDB_URL did not answer.'), /^The event store at ESDB_URL did/],
    ['the read store', new ReadStoreError('unavailable', 'connect ECONNREFUSED 127.0.0.1:1', undefined), /ECONNREFUSED.*DATABASE_URL/],
    ['its port', Object.assign(new Error('listen'), { code: 'EADDRINUSE' }), /^Port 3000 is taken/],
    ['its directory', Object.assign(new Error('The data directory x cannot be used: …'), { name: 'DataDirectoryError' }), /^The data directory x/],
    ['a damaged log', Object.assign(new Error('The event log is damaged in …'), { name: 'LogDamagedError' }), /^The event log is damaged in …$/],
    ['a right', Object.assign(new Error('open /x'), { code: 'EACCES' }), /^open \/x: no permission/],
  ])('says in one sentence that %s was the reason', (_, error, sentence) => {
    expect(explainFailure(error, 3000)).toMatch(sentence);
    expect(explainFailure(error, 3000)).not.toContain('\n');
  });

  it('shows the stack of a fault of its own', () => expect(explainFailure(new TypeError('oops'), 3000)).toMatch(/^TypeError: oops\n\s+at /));
});
