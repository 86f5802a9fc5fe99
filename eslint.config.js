import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const floors = ['floor:0', 'floor:1', 'floor:2', 'floor:3', 'floor:4'];

export default tseslint.config(
  { ignores: ['**/jest.config.js', '**/dist/**', '**/node_modules/**', '.nx/**', '**/runs/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  { plugins: { '@nx': nx } },
  {
    files: ['**/*.ts', '**/*.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: [
            ...floors.map((floor, height) => ({
              sourceTag: floor,
              onlyDependOnLibsWithTags: floors.slice(0, height + 1),
            })),
            { sourceTag: 'type:tool', onlyDependOnLibsWithTags: floors },
          ],
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
    },
  },
);
