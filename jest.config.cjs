/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/cdk.out/', '<rootDir>/.venv/', '<rootDir>/.venv-ministack/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  // These are ES modules, which the tests can't load; they bring the same code as CommonJS.
  moduleNameMapper: { '^(d3-[a-z-]+|internmap)$': '<rootDir>/node_modules/$1/dist/$1.js' },
  transformIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/emulator/global-setup.ts',
  globalTeardown: '<rootDir>/test/emulator/global-teardown.ts',
  testEnvironment: '<rootDir>/test/emulator/models/environment.ts',
  setupFilesAfterEnv: ['<rootDir>/test/emulator/models/watch.ts'],
  setupFiles: ['<rootDir>/test/emulator/localhost.cjs', '<rootDir>/test/emulator/quick-retries.cjs'],
  testSequencer: '<rootDir>/test/sequencer.cjs',
  reporters: ['default', '<rootDir>/test/reporter.cjs'],
  // One more than the two cores of a small machine: tests wait for the emulator, and for pauses between tries.
  maxWorkers: 3,
  // Against a test that hangs, however slow the machine.
  testTimeout: 300_000,
  watchman: false,
};
