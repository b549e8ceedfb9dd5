/** A name as generated clients have it: `coordinator-efficiency` → `CoordinatorEfficiency`. */
export const operationName = (name: string): string => name.replace(/(^|[-_])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
