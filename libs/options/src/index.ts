export * from './user-error.ts';
export * from './nearest.ts';
export { kebabCase, option, without } from './option.ts';
export type { Declarations, JsonSchema, Option, Resolved, ResolvedDeclaration } from './option.ts';
export * from './option-set.ts';
export * from './help.ts';
export * from './cli.ts';
