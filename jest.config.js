// Under Node 20 Jest cannot `require` an ES module, so the few ESM-only packages that
// CommonJS dependencies require are transformed to CommonJS.
const requiredEsm = ['content-disposition', 'cookie'].join('|');

/**
 * Tests wait for events, not for the clock: this ends only a test that waits for what never comes. It is the one limit of
 * all of them, far above what the longest takes on a machine that does much else besides.
 */
const HANGS_AFTER_MS = 1_800_000;

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/projections', '<rootDir>/test'],
  testRegex: '\\.spec\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': '@swc/jest',
    [`/node_modules/(${requiredEsm})/.+\\.js$`]: ['@swc/jest', { swcrc: false, jsc: { target: 'es2023' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(.+/node_modules/)?(${requiredEsm})/)`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1'] },
  globalSetup: './test/support/empty-pglite.mjs',
  setupFiles: ['reflect-metadata'],
  maxWorkers: 2,
  testTimeout: HANGS_AFTER_MS,
};
