import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Stands before what is sealed, so that another way of sealing can follow this one. */
const FORM = 'v1.';

/** A value that only the key of its person opens, as it stands in an event's data. */
export interface Sealed {
  readonly $sealed: string;
}

/** What was sealed has been changed, moved to another place, or belongs to another key. */
export class SealBroken extends Error {}

export const isSealed = (value: unknown): value is Sealed => typeof value === 'object' && value !== null && '$sealed' in value && typeof value.$sealed === 'string';

/** Seals a JSON value for one place: it cannot be opened anywhere else. AES-256-GCM, with a new nonce each time. */
export function seal(key: Buffer, place: string, value: unknown): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([nonce, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { $sealed: FORM + sealed.toString('base64url') };
}

/** @throws SealBroken */
export function unseal(key: Buffer, place: string, { $sealed }: Sealed): unknown {
  if (!$sealed.startsWith(FORM)) throw new SealBroken('it is sealed in a way that this program does not know');
  const bytes = Buffer.from($sealed.slice(FORM.length), 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('it is cut off');
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8'));
  } catch (error) {
    throw new SealBroken('it was changed, or sealed for another place or with another key', { cause: error });
  }
}
