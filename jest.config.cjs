const { readFileSync } = require('node:fs');
const { join } = require('node:path');

// The compiler settings of the build; the alias is Jest's own here, so that it can watch what imports what.
const swc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
delete swc.$schema;
delete swc.jsc.paths;
delete swc.jsc.baseUrl;

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  rootDir: __dirname,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  transform: { '^.+\\.[cm]?tsx?$': ['@swc/jest', swc] },
  moduleNameMapper: { '^@/(.*)$': '<rootDir>/src/$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/web/dist', '<rootDir>/\\.data', '<rootDir>/\\.test-data'],
  ...more,
});

module.exports = {
  projects: [
    project('unit', ['src/**/*.spec.ts', 'web/**/*.spec.ts', 'test/reference/**/*.spec.ts']),
    project('db', ['test/db/**/*.spec.ts']),
    project('property', ['test/property/**/*.spec.ts']),
    project('e2e', ['test/e2e/**/*.{spec,e2e}.ts']),
    project('scenarios', ['test/scenarios/**/*.spec.ts']),
    project('arch', ['test/arch/**/*.spec.ts']),
    project('browser', ['test/browser/**/*.spec.ts']),
  ],
  // Real servers start in these tests; a poll with a deadline of its own fails earlier and says what it waited for.
  testTimeout: 120_000,
  maxWorkers: 2,
};
