import { expect, it } from '@jest/globals';
import { describeOnRedis } from '../../../libs/testing/describe-on-redis.js';
import { startRedis } from '../../../libs/testing/redis-server.js';
import { runningEngine } from '../../support/running-engine.js';

const TEST_MS_MAX = 1_800_000;

/** What /health says of the clock: `details` tells of everything, whether it is well or not. */
const clockIn = (body: unknown): unknown => (body as { readonly details?: Record<string, unknown> }).details?.['deadlines_clock']; // an answer of /health

describeOnRedis('the health of an engine whose deadlines ring by Redis', () => {
  it('is bad, and says why, while Redis is away, and good again when it is back', async () => {
    const redis = await startRedis();
    const engine = await runningEngine({ redisUrl: redis.url });
    const saysOfClock = (wanted: RegExp) => engine.until('/health', (body) => wanted.test(JSON.stringify(clockIn(body))));
    try {
      await saysOfClock(/"up"/);
      await redis.kill();
      await saysOfClock(/"problems":\["Redis does not answer since [0-9TZ:.-]+; what falls due is marked when it is back"\],"status":"down"/);
      expect((await engine.get('/health')).status).toBe(503);
      await redis.restart();
      await saysOfClock(/"up"/);
    } finally {
      await engine.stop();
      await redis.stop();
    }
  }, TEST_MS_MAX);
});
