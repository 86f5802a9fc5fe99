import { fileURLToPath } from 'node:url';

// ONNX Runtime's library would report its use in tests of what runs on it alone.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

/** Shared jest settings: ESM, TypeScript through swc, libraries read from their sources. */
export default {
  testEnvironment: fileURLToPath(new URL('./tools/jest/environment.js', import.meta.url)),
  globalTeardown: fileURLToPath(new URL('./tools/jest/end.js', import.meta.url)),
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' },
    ],
  },
  // tfjs-core ships its gradient registrations only as untranspiled ES modules.
  transformIgnorePatterns: ['/node_modules/(?!@tensorflow/tfjs-core/dist/(?!tf-core))'],
  testEnvironmentOptions: { customExportConditions: ['@hep/source', 'node', 'node-addons'] },
  testTimeout: 60_000,
};
