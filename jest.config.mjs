// @nestjs/* and a few dependencies ship ES modules only, which Jest cannot `require` on Node below 24.9:
// the same transform that compiles our TypeScript lowers them to CommonJS.
const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.m?(t|j)s$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|cookie|chokidar|readdirp|re2js|jose)/)'],
  // A plug-in is imported by its URL.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '^file://(/.*)$': '$1' },
};

export default {
  // Jest reads this at the top only, for every project.
  testTimeout: 30_000,
  workerIdleMemoryLimit: '512MB',
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.mjs'],
  projects: [
    // Pure: no sockets, no Redis, no clock.
    {
      ...base,
      displayName: 'pure',
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/pure/**/*.spec.ts'],
    },
    // One room with a real Redis and real sockets on loopback.
    { ...base, displayName: 'room', testMatch: ['<rootDir>/test/room/**/*.spec.ts'] },
    // The whole app as a process of its own.
    {
      ...base,
      displayName: 'app',
      testMatch: ['<rootDir>/test/app/**/*.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/app-timeout.ts'],
    },
  ],
};
