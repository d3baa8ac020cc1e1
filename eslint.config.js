/* What ESLint asks of the scripts of the widgets; Prettier lays them out, tsc checks their types. */
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['static/', '.venv/'] },
  js.configs.recommended,
  {
    files: ['pages/**/*.js'],
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-len': ['error', { code: 120 }],
      'no-shadow': ['error', { builtinGlobals: false }],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'consistent-return': 'off',
    },
  },
];
