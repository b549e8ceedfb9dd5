import { v5 as uuidv5 } from 'uuid';

/** Namespace of all that an import derives (a fixed, random UUID). */
const IMPORTS = '7f0c2a64-4d0e-4f0b-9d5c-2f7a9b1f6c33';
const ID_LENGTH_MAX = 90;
const ASCII = /^[\x20-\x7e]+$/;

/** One part of a key, so written that no two texts give the same: a space is `_`, what is neither letter, digit, `.` nor `-` is `~` and its hex code. */
const spelled = (text: string): string => text.replaceAll(/[^A-Za-z0-9.-]/g, (sign) => (sign === ' ' ? '_' : `~${sign.charCodeAt(0).toString(16).padStart(2, '0')}`));

/**
 * The id of what a key names: the same in every run and in every map that uses the same prefix and key.
 * Readable where the key is plain ASCII ("Ada Byron" → `Ada_Byron`, parts joined by `:`), else a UUID of the key; no two keys share one.
 */
export function idOfKey(prefix: string, key: readonly string[]): string {
  const readable = `${prefix}${key.map(spelled).join(':')}`;
  const plain = key.every((part) => ASCII.test(part)) && readable.length <= ID_LENGTH_MAX && /^[A-Za-z0-9]/.test(readable);
  return plain ? readable : uuidv5(JSON.stringify(['id', prefix, ...key]), IMPORTS);
}

/** The id of the command that a row's key stands for: running the import again sends the same command again. */
export const importCommandId = (source: string, step: string, command: string, key: readonly string[]): string => uuidv5(JSON.stringify(['command', source, step, command, ...key]), IMPORTS);
