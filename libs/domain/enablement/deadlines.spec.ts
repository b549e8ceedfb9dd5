import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '../../kernel/event.js';
import { MarkCertificateExpired } from './commands.js';
import { certificateDeadline } from './deadlines.js';
import type { EnablementEvent } from './events.js';

const certificationId = 'k1:x';
const DUE = '2026-05-01T12:00:00.000Z'; // the 30th of April is over on the last island
const due = { dueAt: DUE, ringAt: DUE };
const after = (event: EnablementEvent) => certificateDeadline.after(event as Recorded<EnablementEvent>); // a deadline reads type and data alone
const recorded = (expiresOn?: string): EnablementEvent => ({ type: 'CertificationRecorded', data: { certificationId, memberId: 'ada', certificate: 'Crane', issuedOn: '2024-05-01', ...(expiresOn && { expiresOn }) } });

describe('the alarm of a certificate', () => {
  it('is set for when its last day is over everywhere', () => expect(after(recorded('2026-04-30'))).toEqual(due));
  it('is none for a certificate that is for good', () => expect(after(recorded())).toBeNull());
  it('is cleared when it has expired', () => expect(after({ type: 'CertificateExpired', data: { certificationId, memberId: 'ada', certificate: 'Crane', expiresOn: '2026-04-30' } })).toBeNull());
  it('is not touched by trainings and material', () => expect(after({ type: 'TrainingAssigned', data: { trainingId: 't1', memberId: 'ada', course: 'Cranes' } })).toBeUndefined());
  it('names the certificate and the last day it was set for', () => expect(certificateDeadline.command(`certificate.${certificationId}`, due, '')).toEqual(Object.assign(new MarkCertificateExpired(), { certificationId, expiresOn: '2026-04-30' })));
});
