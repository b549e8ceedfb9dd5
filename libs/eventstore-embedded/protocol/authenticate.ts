import { createHash, timingSafeEqual } from 'node:crypto';

import type { Metadata } from '@grpc/grpc-js';

import { refuse } from './errors.js';

/** Lets a call through, or throws the refusal that belongs to it. */
export type Authenticate = (metadata: Metadata) => void;

/** Without users everybody may do everything; with users every call needs the name and password of one. */
export function authenticateWith(users: Record<string, string> | undefined): Authenticate {
  if (users === undefined || Object.keys(users).length === 0) return () => undefined;
  const passwords = new Map(Object.entries(users).map(([name, password]) => [name, digest(password)]));
  return (metadata) => {
    const [header] = metadata.get('authorization');
    if (header === undefined) throw refuse.accessDenied();
    const encoded = /^Basic (.+)$/i.exec(String(header))?.[1] ?? '';
    const credentials = Buffer.from(encoded, 'base64').toString('utf8');
    const separator = credentials.indexOf(':');
    const password = passwords.get(credentials.slice(0, Math.max(0, separator)));
    // Digests have one length, so the comparison tells nothing about where two passwords differ.
    if (password === undefined || !timingSafeEqual(password, digest(credentials.slice(separator + 1)))) throw refuse.unauthenticated();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
