import { describe } from '@jest/globals';
import { isRedisMissing } from './redis-server.js';

const REQUIRED = process.env['PIPELEDGER_TEST_SERVERS'] === 'required';

/**
 * `describe` for suites that need a real Redis. Where none is installed they are skipped, loudly;
 * with PIPELEDGER_TEST_SERVERS=required they fail instead.
 */
export const describeOnRedis: typeof describe | typeof describe.skip = isRedisMissing && !REQUIRED ? describe.skip : describe;
if (isRedisMissing && !REQUIRED) process.stderr.write('\n*** NOT TESTED: everything on Redis. No redis-server is installed (apt-get install redis-server). ***\n\n');
