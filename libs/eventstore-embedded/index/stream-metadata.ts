/** What the server itself reads of a stream's metadata; the rest, `$acl` too, is only kept. */
export type StreamMetadata = {
  maxCount: number | undefined;
  maxAgeMs: number | undefined;
  truncateBefore: number | undefined;
  /** `$tb` is 2^63-1: the stream is gone until somebody appends to it again. */
  isSoftDeleted: boolean;
};

export const NO_METADATA: StreamMetadata = { maxCount: undefined, maxAgeMs: undefined, truncateBefore: undefined, isSoftDeleted: false };
/** A metadata stream answers with its newest event only, as the real server's do by default. */
export const METASTREAM_METADATA: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

export const SOFT_DELETE_JSON = '{"$tb":9223372036854775807}';
/** 2^63-1 has no number of its own: parsed, it is 2^63. */
const DELETED_TRUNCATE_BEFORE = 2 ** 63;

export function isMetastream(stream: string): boolean {
  return stream.startsWith('$$');
}

export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

export function originalOf(metastream: string): string {
  return metastream.slice(2);
}

/** Metadata that is no JSON object, or whose values are not whole numbers, counts as none, as on the real server. */
export function parseStreamMetadata(isJson: boolean, data: Uint8Array): StreamMetadata {
  const raw = isJson ? parseObject(data) : undefined;
  if (raw === undefined) return NO_METADATA;
  const { $maxCount, $maxAge, $tb } = raw;
  if (![$maxCount, $maxAge, $tb].every((value) => value === undefined || Number.isInteger(value))) return NO_METADATA;
  const maxAge = positive($maxAge);
  const truncateBefore = typeof $tb === 'number' && $tb >= 0 ? $tb : undefined;
  return {
    maxCount: positive($maxCount),
    maxAgeMs: maxAge === undefined ? undefined : maxAge * 1_000,
    truncateBefore,
    isSoftDeleted: truncateBefore !== undefined && truncateBefore >= DELETED_TRUNCATE_BEFORE,
  };
}

/** The metadata with `$tb` set and everything else as it was; undefined if it is no JSON object. */
export function withTruncateBefore(data: Uint8Array, truncateBefore: number): Buffer | undefined {
  const raw = parseObject(data);
  return raw === undefined ? undefined : Buffer.from(JSON.stringify({ ...raw, $tb: truncateBefore }));
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function parseObject(data: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    // An object literal's own keys are all that is read of it.
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
