import { describe, expect, it } from '@jest/globals';
import { durationText, estimate, ImportProgress } from './progress.js';

const counts = { accepted: 0, replayed: 0, skipped: 0, rejected: 3, commands: 0, events: 0 };

describe('the progress of an import', () => {
  it('tells rate and time left from what is done', () => {
    expect(estimate({ rows: 1_000, bytesRead: 250 }, 1_000, 2_000)).toEqual({ rowsPerSecond: 500, left: '6 s' });
    expect(estimate({ rows: 0, bytesRead: 0 }, 1_000, 2_000)).toEqual({ rowsPerSecond: 0, left: '…' });
    expect(estimate({ rows: 10, bytesRead: 10 }, 1_000, 0)).toEqual({ rowsPerSecond: 0, left: '0 s' });
  });

  it('says durations as people do', () => {
    expect([0.4, 59, 61, 3_599, 3_600, 7_380].map(durationText)).toEqual(['0 s', '59 s', '1 min 01 s', '59 min 59 s', '1 h 00 min', '2 h 03 min']);
  });

  it('is a line now and then where nobody looks', () => {
    let nowMs = 0;
    let written = '';
    const progress = new ImportProgress(1_000, { out: () => undefined, err: (text) => { written += text; }, errIsTty: false, env: {}, nowMs: () => nowMs });
    for (nowMs = 1_000; nowMs <= 10_000; nowMs += 1_000) progress.update({ kind: 'progress', step: 'deals', rows: nowMs, bytesRead: nowMs / 20, ...counts });
    progress.stop();
    expect(written).toBe('25 % | 5,000 rows | 1,000 rows/s | 15 s left | 3 rejected\n50 % | 10,000 rows | 1,000 rows/s | 10 s left | 3 rejected\n');
  });
});
