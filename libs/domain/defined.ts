/** The record without its undefined fields: what a caller left out is not stored. */
export const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T; // only optional fields can be undefined, so what is left is still a T
