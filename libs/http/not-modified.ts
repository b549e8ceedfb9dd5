import type { FastifyReply, FastifyRequest } from 'fastify';

const TAG = /(?:W\/)?("[^"]*")/g;

/** Whether a list of entity tags names this one. For reading, weak and strong tags are alike (RFC 9110, 13.1.2). */
export function namesTag(list: string, tag: string): boolean {
  if (list.trim() === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return [...list.matchAll(TAG)].some(([, known]) => known === opaque);
}

/**
 * Answers 304 without a body where the reader has what would be sent: for every route that sets an ETag.
 * Streams are left to whoever made them.
 */
export function notModified(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const tag = reply.getHeader('etag');
  const known = request.headers['if-none-match'];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead || reply.statusCode !== 200 || typeof tag !== 'string' || known === undefined) return payload;
  if ((typeof payload !== 'string' && !Buffer.isBuffer(payload) && payload !== null) || !namesTag(known, tag)) return payload;
  reply.status(304).removeHeader('content-type').removeHeader('content-length').removeHeader('content-disposition');
  return null;
}
