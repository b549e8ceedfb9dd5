import { AssignTraining, CompleteTraining, PublishMaterial, RecordCertification } from '../../domain/enablement/commands.js';
import type { MaterialKind } from '../../domain/enablement/events.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { isMemberAt, type Person } from './person.js';
import { PRODUCTS } from './setting.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

const COURSES = ['Listening', 'Negotiation', 'The product from A to Z', 'Data protection', 'Writing offers'];
const CERTIFICATE = 'Certified product adviser';
const COURSE_EVERY_DAYS = [50, 120] as const;
const COURSE_DROPPED_CHANCE = 0.15;
const CERTIFICATE_DAYS = 180;
const RENEWED_CHANCE = 0.75;
const MATERIAL_EVERY_DAYS = [25, 60] as const;
const MATERIAL_KINDS_USED: readonly MaterialKind[] = ['deck', 'one_pager', 'case_study', 'price_list', 'battle_card', 'demo'];

/** People learn, certificates are earned and run out, material is published and grows new editions. */
export function startEnablement(company: Company): void {
  for (const person of company.people) {
    company.world.at(person.joinsMs + 2 * DAY_MS, () => train(company, person, 0));
    if (person.role !== 'manager') company.world.at(person.joinsMs + 9 * DAY_MS, () => certify(company, person));
  }
  company.world.at(company.world.plan.startMs + DAY_MS / 2, () => publish(company, 0));
}

function train(company: Company, person: Person, number: number): void {
  if (!isMemberAt(person, company.nowMs)) return;
  const trainingId = company.world.id('training');
  const random = company.world.random.fork(trainingId);
  company.send(company.managerOf(person), build(AssignTraining, { trainingId, memberId: person.id, course: COURSES[number % COURSES.length]!, dueOn: company.day(30) }));
  company.world.at(company.nowMs + random.between(...COURSE_EVERY_DAYS) * DAY_MS, () => train(company, person, number + 1));
  if (random.chance(COURSE_DROPPED_CHANCE)) return;
  company.whenAtWork(person, random.lognormal(18, 0.5) * person.pace * DAY_MS, random, () => company.send(person, build(CompleteTraining, { trainingId, scorePercent: random.whole(60, 100) })));
}

function certify(company: Company, person: Person): void {
  const random = company.world.random.fork(`certificate ${person.id}`);
  const certificationId = company.world.id('certificate');
  const record = (): void => {
    if (!isMemberAt(person, company.nowMs)) return;
    company.send(person, build(RecordCertification, { certificationId, memberId: person.id, certificate: CERTIFICATE, issuedOn: company.day(), expiresOn: company.day(CERTIFICATE_DAYS), issuer: 'Imaginary Institute' }));
    if (random.chance(RENEWED_CHANCE)) company.world.at(company.nowMs + (CERTIFICATE_DAYS + random.between(-20, 15)) * DAY_MS, record);
  };
  company.whenAtWork(person, random.between(1, 40) * DAY_MS, random, record);
}

function publish(company: Company, number: number): void {
  const random = company.world.random.fork(`material ${number}`);
  const materialId = company.world.id('material');
  const kind = MATERIAL_KINDS_USED[number % MATERIAL_KINDS_USED.length]!;
  const product = PRODUCTS[number % PRODUCTS.length]!;
  const about = { materialId, title: `${product} ${kind.replace('_', ' ')} (made up)`, kind, product };
  const by = company.someone('manager', random);
  company.send(by, build(PublishMaterial, { ...about, edition: '1' }));
  company.materialIds.push(materialId);
  company.world.at(company.nowMs + random.between(60, 150) * DAY_MS, () => company.send(company.someone('manager', random), build(PublishMaterial, { ...about, edition: '2' })));
  const nextMs = number < 2 ? HOUR_MS : random.between(...MATERIAL_EVERY_DAYS) * DAY_MS;
  company.world.at(company.nowMs + nextMs, () => publish(company, number + 1));
}
