/** A value made of a text, or the end of a sentence about the text: `"31.2.2026" is no date …`. */
export type Converted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export const converted = <T>(value: T): Converted<T> => ({ ok: true, value });
export const unconvertible = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });
