import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The secret of a link: 256 random bits in 43 characters. Nobody guesses it, so its hash needs no salt. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export const isSecret = (text: string): boolean => SECRET.test(text);

/** What is stored of a secret: its SHA-256, in hexadecimal. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether the secret is the one of this hash; takes as long for any. */
export const isSecretOf = (secret: string, hash: string): boolean => timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash.padEnd(64)));
