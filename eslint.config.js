import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['test/architecture/fixture/', 'dist/', 'node_modules/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // A fold that looks at a few of a context's events may say so with a default; deciders never do.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      // Nest and cqrs hand over async methods where sync ones would do, and the reverse: the port's shape decides.
      '@typescript-eslint/require-await': 'off',
      // Enums of the wire protocol are compared with numbers it was parsed from.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Outside values are shown to people as they came; what they are is checked elsewhere.
      '@typescript-eslint/no-base-to-string': 'off',
      'max-lines': ['error', { max: 350 }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['apps/*/src/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
