import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import type { StreamReader } from '../../kernel/context.js';
import type { DomainEvent } from '../../kernel/event.js';
import { parseCommand } from '../../kernel/parse-command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { AssignTraining, CompleteTraining, MarkCertificateExpired, PublishMaterial, RecordCertification, ShareMaterial, type EnablementCommand } from './commands.js';
import { enablement } from './decider.js';
import { enablementContext } from './enablement.context.js';
import type { EnablementEvent } from './events.js';
import { materialAt } from './facts.js';
import type { EnablementFacts } from './state.js';

const trainingId = 't1';
const certificationId = 'c1';
const materialId = 'm1';
const memberId = 'ada';
const subject = { kind: 'deal', id: 'd1' } as const;
const LATER = '2026-03-03T09:00:00.000Z';
const facts: EnablementFacts = { member: { status: 'active', role: 'coordinator', zone: 'UTC' }, material: { status: 'published', edition: '2' }, subjectExists: true };
const stranger: EnablementFacts = { ...facts, member: { status: 'unknown' } };
const leaver: EnablementFacts = { ...facts, member: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } };

const assigned: EnablementEvent = { type: 'TrainingAssigned', data: { trainingId, memberId, course: 'Objections', dueOn: '2026-03-31' } };
const completed: EnablementEvent = { type: 'TrainingCompleted', data: { trainingId, memberId, course: 'Objections', scorePercent: 0 } };
const certified: EnablementEvent = { type: 'CertificationRecorded', data: { certificationId, memberId, certificate: 'Dangerous goods', issuedOn: '2026-01-10', expiresOn: '2027-01-10', issuer: 'Harbour board' } };
const expired: EnablementEvent = { type: 'CertificateExpired', data: { certificationId, memberId, certificate: 'Dangerous goods', expiresOn: '2027-01-10' } };
const published: EnablementEvent & { type: 'MaterialPublished' } = { type: 'MaterialPublished', data: { materialId, title: 'Crates in use', kind: 'case_study', edition: '1', product: 'crates', url: 'https://example.com/crates' } };
const shared: EnablementEvent = { type: 'MaterialShared', data: { materialId, subject, memberId, edition: '2' } };

const assign = build(AssignTraining, { trainingId, memberId, course: 'Objections', dueOn: '2026-03-31' });
const complete = build(CompleteTraining, { trainingId, scorePercent: 0 });
const certify = build(RecordCertification, { certificationId, memberId, certificate: 'Dangerous goods', issuedOn: '2026-01-10', expiresOn: '2027-01-10', issuer: 'Harbour board' });
const expire = build(MarkCertificateExpired, { certificationId, expiresOn: '2027-01-10' });
const publish = build(PublishMaterial, { materialId, title: 'Crates in use', kind: 'case_study', edition: '1', product: 'crates', url: 'https://example.com/crates' });
const share = build(ShareMaterial, { materialId, subject, memberId });

const { given } = deciderSpec(enablement, facts);

describe('a training', () => {
  it('is assigned to a member', () => given().when(assign).then(assigned));
  it('can be without a last day', () => given().when(build(AssignTraining, { trainingId, memberId, course: 'Objections' })).then({ type: 'TrainingAssigned', data: { trainingId, memberId, course: 'Objections' } }));
  it('is not assigned twice', () => given(assigned).when(assign).thenRefused('training_already_assigned'));
  it('is for a member who is known and has not left', () => {
    given().when(assign, { facts: stranger }).thenRefused('member_unknown');
    given().when(assign, { facts: leaver }).thenRefused('member_left');
  });
  it('is completed, also with a result of nought', () => given(assigned).when(complete).then(completed));
  it('is completed without a result', () => given(assigned).when(build(CompleteTraining, { trainingId })).then({ type: 'TrainingCompleted', data: { trainingId, memberId, course: 'Objections' } }));
  it('is completed once', () => given(assigned, completed).when(complete).thenNothing());
  it('keeps its result', () => given(assigned, completed).when(build(CompleteTraining, { trainingId, scorePercent: 90 })).thenRefused('training_already_completed'));
  it('is not completed before it was assigned', () => given({ ...assigned, occurredAt: LATER }).when(complete).thenRefused('training_completed_before_assigned'));
  it('is unknown until assigned', () => given().when(complete).thenRefused('training_not_found'));
});

describe('a certificate', () => {
  it('is recorded', () => given().when(certify).then(certified));
  it('can be for good', () =>
    given().when(build(RecordCertification, { certificationId, memberId, certificate: 'Forklift', issuedOn: '2026-01-10' })).then({ type: 'CertificationRecorded', data: { certificationId, memberId, certificate: 'Forklift', issuedOn: '2026-01-10' } }));
  it('can be for a day', () => given().when(build(RecordCertification, { ...certify, expiresOn: '2026-01-10' })).then({ type: 'CertificationRecorded', data: { certificationId, memberId, certificate: 'Dangerous goods', issuedOn: '2026-01-10', expiresOn: '2026-01-10', issuer: 'Harbour board' } }));
  it('is recorded once', () => given(certified).when(certify).thenNothing());
  it('is renewed with a later day of issue', () =>
    given(certified)
      .when(build(RecordCertification, { ...certify, issuedOn: '2027-01-05', expiresOn: '2028-01-05' }))
      .then({ type: 'CertificationRecorded', data: { certificationId, memberId, certificate: 'Dangerous goods', issuedOn: '2027-01-05', expiresOn: '2028-01-05', issuer: 'Harbour board' } }));
  it('is not renewed backwards', () => given(certified).when(build(RecordCertification, { ...certify, expiresOn: '2029-01-10' })).thenRefused('certification_not_newer'));
  it('does not go to another member', () => given(certified).when(build(RecordCertification, { ...certify, memberId: 'bob', issuedOn: '2027-01-05', expiresOn: '2028-01-05' })).thenRefused('certification_of_another'));
  it('does not become another certificate', () => given(certified).when(build(RecordCertification, { ...certify, certificate: 'Forklift' })).thenRefused('certification_of_another'));
  it('does not expire before it is issued', () => given().when(build(RecordCertification, { ...certify, expiresOn: '2026-01-09' })).thenRefused('certification_expires_before_issued'));
  it('is of a member who is known and has not left', () => {
    given().when(certify, { facts: stranger }).thenRefused('member_unknown');
    given().when(certify, { facts: leaver }).thenRefused('member_left');
  });
});

describe('the last day of a certificate', () => {
  const over = { now: '2027-01-11T12:00:00.000Z' };
  it('is over when it is over everywhere', () => given(certified).when(expire, over).then(expired));
  it('is not over while it is the last day somewhere', () => given(certified).when(expire, { now: '2027-01-11T11:59:59.999Z' }).thenRefused('certification_not_yet_expired'));
  it('is over once', () => given(certified, expired).when(expire, over).thenNothing());
  it('does not count any more where the certificate was renewed meanwhile, or is for good', () => {
    given(certified, { ...certified, data: { ...certified.data, issuedOn: '2027-01-05', expiresOn: '2028-01-05' } }).when(expire, over).thenNothing();
    given({ type: 'CertificationRecorded', data: { certificationId, memberId, certificate: 'Forklift', issuedOn: '2026-01-10' } }).when(expire, over).thenNothing();
  });
  it('is followed by another when the certificate is renewed late', () =>
    given(certified, expired).when(build(RecordCertification, { ...certify, issuedOn: '2027-02-01', expiresOn: '2028-02-01' })).then({ type: 'CertificationRecorded', data: { ...certified.data, issuedOn: '2027-02-01', expiresOn: '2028-02-01' } }));
  it('stays over when the expired certificate is recorded once more', () => given(certified, expired).when(certify).thenNothing());
  it('is of a certificate that is known', () => {
    given().when(expire, over).thenRefused('certification_not_found');
    given(published).when(expire, over).thenRefused('certification_not_found');
  });
});

describe('material', () => {
  it('is published', () => given().when(publish).then(published));
  it('is published once', () => given(published).when(publish).thenNothing());
  it('is published again as a new edition', () =>
    given(published).when(build(PublishMaterial, { materialId, title: 'Crates in use', kind: 'deck', edition: '2' })).then({ type: 'MaterialPublished', data: { materialId, title: 'Crates in use', kind: 'deck', edition: '2' } }));

  it('is shared in the edition of the day', () => given().when(share).then(shared));
  it('is shared once in a moment', () => given(shared).when(share).thenNothing());
  it('is shared again later', () => given(shared).when(share, { now: LATER }).then(shared));
  it('is shared beside other material', () => {
    const other: EnablementEvent = { type: 'MaterialShared', data: { materialId: 'm2', subject, memberId } };
    given(shared).when(build(ShareMaterial, { ...share, materialId: 'm2' }), { facts: { ...facts, material: { status: 'published' } } }).then(other);
    given(shared, other).when(share).thenNothing();
  });
  it('is not shared before it is published', () => given().when(share, { facts: { ...facts, material: { status: 'unknown' } } }).thenRefused('material_not_found'));
  it('is shared by a member who is known and has not left', () => {
    given().when(share, { facts: stranger }).thenRefused('member_unknown');
    given().when(share, { facts: leaver }).thenRefused('member_left');
  });
  it('is shared with a deal or lead that is known', () => given().when(share, { facts: { ...facts, subjectExists: false } }).thenRefused('subject_unknown'));
  it('is shared with deals and leads alone', () => {
    for (const wrong of [{ kind: 'client', id: 'k1' }, { kind: 'deal' }, { kind: 'deal', id: 'd1', name: 'x' }, 'd1', null]) expect(parseCommand(ShareMaterial, { materialId, memberId, subject: wrong })).toMatchObject({ ok: false });
    expect(parseCommand(ShareMaterial, { materialId, memberId, subject })).toMatchObject({ ok: true });
  });

  it('is, to those who share it, as published by then', async () => {
    const second = { type: 'MaterialPublished', data: { ...published.data, edition: '2' }, occurredAt: LATER };
    const standing = (history: readonly (DomainEvent & { occurredAt: string })[], at: string) => {
      // The history below holds what the stream of a material holds.
      const fold: StreamReader['fold'] = async (_, { initial, evolve }) => history.reduce((state, event) => evolve(state, event as Parameters<typeof evolve>[1]), initial);
      return materialAt({ fold, exists: async () => true }, materialId, at);
    };
    expect(await standing([], LATER)).toEqual({ status: 'unknown' });
    expect(await standing([second, { ...published, occurredAt: SPEC_NOW }], LATER)).toEqual({ status: 'published', edition: '2' });
    expect(await standing([second, { ...published, occurredAt: SPEC_NOW }], SPEC_NOW)).toEqual({ status: 'published', edition: published.data.edition });
  });
});

describe('trainings, certificates and material', () => {
  it('have streams of their own', () => {
    const ids = [assign, complete, certify, expire, publish, share].map((command) => enablementContext.aggregateId?.(command));
    expect(ids).toEqual(['training.t1', 'training.t1', 'certificate.c1', 'certificate.c1', 'material.m1', 'shares.deal.d1']);
  });

  it('do once what is sent twice, after any history', () => {
    const day = fc.constantFrom('2026-01-10', '2027-01-05');
    const commands: fc.Arbitrary<EnablementCommand> = fc.oneof(
      fc.constant(assign),
      fc.constantFrom(0, 90, undefined).map((scorePercent) => build(CompleteTraining, { trainingId, scorePercent })),
      fc.tuple(fc.constantFrom('ada', 'bob'), day, fc.option(day, { nil: undefined })).map(([holder, issuedOn, expiresOn]) => build(RecordCertification, { ...certify, memberId: holder, issuedOn, expiresOn })),
      day.map((expiresOn) => build(MarkCertificateExpired, { certificationId, expiresOn })),
      fc.constantFrom('1', '2', undefined).map((edition) => build(PublishMaterial, { ...publish, edition })),
      fc.tuple(fc.constantFrom('m1', 'm2'), fc.constantFrom('ada', 'bob')).map(([id, by]) => build(ShareMaterial, { ...share, materialId: id, memberId: by })),
    );
    holdsTwiceIsOnce(enablementContext, commands, fc.record({ member: fc.constantFrom(facts.member, stranger.member), material: fc.constant(facts.material), subjectExists: fc.boolean() }));
  });
});

describe('material published late', () => {
  const second: EnablementEvent & { occurredAt: string } = { type: 'MaterialPublished', data: { ...published.data, edition: '2' }, occurredAt: LATER };

  it('takes its place among its publications', () => {
    given(second).when(publish).then(published);
    given({ ...published, occurredAt: SPEC_NOW }, second).when(publish).thenNothing();
    given(second, published).when(build(PublishMaterial, { ...publish, edition: '2' }), { now: LATER }).thenNothing();
  });
});
