import type { Random } from '../random.js';

/** Nobody is called so: whoever reads a name of the simulation sees that it is made up. */
const FIRST_NAMES = ['Ada', 'Ben', 'Cleo', 'Dag', 'Edda', 'Finn', 'Gro', 'Hal', 'Ines', 'Jon', 'Kai', 'Lea', 'Mads', 'Nora', 'Olga', 'Per', 'Quinn', 'Rosa', 'Sven', 'Tara', 'Uma', 'Vito', 'Wren', 'Xenia', 'Yara', 'Zeno'];
const LAST_NAMES = ['Sample', 'Beispiel', 'Makebelieve', 'Mock', 'Placeholder', 'Esempio', 'Pretend', 'Voorbeeld', 'Fiktiv', 'Example', 'Ejemplo', 'Imaginary', 'Eksempel'];
const COMPANY_FIRST = ['Example', 'Sample', 'Pretend', 'Imaginary', 'Fictive', 'Placeholder', 'Mock', 'Makebelieve', 'Hypothetic', 'Invented'];
const COMPANY_TRADES = ['Foundry', 'Harbour', 'Dairies', 'Optics', 'Logistics', 'Bakeries', 'Robotics', 'Textiles', 'Hotels', 'Pharma', 'Motors', 'Paper', 'Clinics', 'Software', 'Timber', 'Energy'];

/** The nth member's name; no two of the first 338 are the same. */
export const memberName = (index: number): string =>
  `${FIRST_NAMES[index % FIRST_NAMES.length]} ${LAST_NAMES[(index + Math.floor(index / FIRST_NAMES.length)) % LAST_NAMES.length]}`;

export const mailOf = (name: string): string => `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;

export interface Prospect {
  readonly contactName: string;
  readonly contactEmail: string;
  readonly contactPhone: string;
  readonly company: string;
}

/** Of a number that is kept free for fiction, the area and the last two digits tell prospects apart: so many before one comes twice. */
const AREAS = 800;
const NUMBERS_PER_AREA = 100;

/** Somebody who may buy. `number` tells companies of the same name apart, and people by how they are reached. */
export function prospect(random: Random, number: number): Prospect {
  const contactName = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
  return {
    contactName, contactEmail: mailOf(`${contactName} ${number}`), contactPhone: `+1 ${200 + (Math.floor(number / NUMBERS_PER_AREA) % AREAS)} 555 01${String(number % NUMBERS_PER_AREA).padStart(2, '0')}`,
    company: `${random.pick(COMPANY_FIRST)} ${random.pick(COMPANY_TRADES)} ${number}`,
  };
}
