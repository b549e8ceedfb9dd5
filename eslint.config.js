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
      // `any` stands only in the few existential types that say so; giving what they hold a type again is the point of them.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'max-lines': ['error', { max: 350 }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // Specs and oracles read plain JSON by hand, and hand over methods of test doubles.
    files: ['**/*.spec.ts', 'test/**/*.ts', 'libs/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
    },
  },
  {
    files: ['apps/*/src/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
