import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { commandSpec, type CommandClass } from '../../kernel/command.js';
import type { AnyContext } from '../../kernel/context.js';

export interface CommandField {
  readonly name: string;
  readonly required: boolean;
}

/** The fields of a command as its class declares them. */
export function fieldsOf(command: CommandClass, context: AnyContext): readonly CommandField[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(command, '', false, false);
  const optional = new Set(metadata.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION).map(({ propertyName }) => propertyName));
  // A command that creates its aggregate may leave the id to the engine, which derives it from the command's id.
  if (commandSpec(command).creates) optional.add(context.idField);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))].map((name) => ({ name, required: !optional.has(name) }));
}
