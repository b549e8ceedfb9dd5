/**
 * The house rules of architecture, as imports. test/architecture holds a fixture that breaks each.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const DRIVERS = {
  'eventstore-client-in-its-lib': { driver: '@eventstore/db-client|@grpc/grpc-js|google-protobuf', libs: '^libs/eventstore(-embedded)?/' },
  'postgres-drivers-in-readstore': { driver: 'pg|@electric-sql/pglite', libs: '^libs/(readstore|testing)/' },
  'redis-drivers-in-timers': { driver: 'bullmq|ioredis', libs: '^libs/timers/' },
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'kernel-is-a-leaf', severity: 'error', from: { path: '^libs/kernel/' }, to: { path: '^(apps|projections|libs/(?!kernel/))' } },
    {
      name: 'domain-is-pure', severity: 'error',
      comment: 'Contexts know the kernel and each other; no store, no bus, no Nest, no I/O.',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|projections|libs/(?!kernel/|domain/))|node_modules/(@nestjs|@eventstore|pg|ioredis|bullmq|fastify)/' },
    },
    {
      name: 'deciders-and-rules-do-no-io', severity: 'error',
      from: { path: '(decider|decide-[a-z-]+|rules|events|facts|commands)\\.ts$|^projections/.*\\.projection\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contexts-meet-in-events-and-facts', severity: 'error',
      from: { path: '^libs/domain/([^/]+)/' },
      to: { path: '^libs/domain/([^/]+)/', pathNot: '^libs/domain/($1/|[^/]+/(events|facts)\\.ts$)' },
    },
    {
      name: 'projections-are-pure', severity: 'error',
      from: { path: '^projections/.*\\.projection\\.ts$' },
      to: { path: '^(apps|libs/(?!kernel/|domain/))|node_modules/(@nestjs|@eventstore|pg|ioredis|bullmq)/' },
    },
    { name: 'nothing-imports-apps', severity: 'error', from: { path: '^(libs|projections)/' }, to: { path: '^apps/' } },
    { name: 'no-testing-in-production', severity: 'error', from: { path: '^(apps|libs|projections)/', pathNot: '\\.spec\\.ts$|^libs/testing/' }, to: { path: '^libs/testing/' } },
    ...Object.entries(DRIVERS).map(([name, { driver, libs }]) => ({
      name, severity: 'error', from: { path: '^(apps|libs|projections)/', pathNot: `${libs}|\\.spec\\.ts$` }, to: { path: `node_modules/(@types/)?(${driver})/` },
    })),
    { name: 'not-to-dev-dependencies', severity: 'error', from: { path: '^(apps|libs|projections)/', pathNot: '\\.spec\\.ts$|^libs/testing/' }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
