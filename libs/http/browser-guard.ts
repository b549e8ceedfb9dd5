import type { FastifyRequest } from 'fastify';
import { problem, ProblemError } from './problem.js';
import type { ServedHosts } from './served-hosts.js';

const FULL_ADDRESS = /^https?:\/\/([^/?#]*)/i;
const SITES_OF_OUR_OWN = new Set(['same-origin', 'none']);
const SAFE_METHODS = new Set(['GET', 'HEAD']);

type Asked = Pick<FastifyRequest, 'method' | 'headers' | 'raw'>;

/** The names that a request asks for: its Host header, and the one in its address where that is a whole one. */
function namesIn({ raw }: Asked): readonly string[] {
  const hosts = raw.rawHeaders.filter((_, index, all) => index % 2 === 1 && all[index - 1]!.toLowerCase() === 'host');
  const inAddress = FULL_ADDRESS.exec(raw.url ?? '')?.[1];
  // Two Host headers are as good as none: who stands between may have read the other one.
  return [hosts.length === 1 ? hosts[0]! : '', ...(inAddress === undefined ? [] : [inAddress])];
}

/**
 * A host name that anybody can point at this machine reads what the engine answers, as if it were the page's own server.
 * @throws ProblemError where the request names a host that the engine was not told to serve; X-Forwarded-Host is not heeded
 */
export function checkHost(request: Asked, hosts: ServedHosts): void {
  const other = namesIn(request).find((name) => !hosts.serves(name));
  if (other === undefined) return;
  const named = other === '' ? 'the request must name one host' : `${other.slice(0, 100)} is not served`;
  throw new ProblemError(problem('host_not_served', { detail: `${named}: set PIPELEDGER_PUBLIC_URL or PIPELEDGER_HOSTS to serve a name` }));
}

/** Whether an Origin is the page that this request's own host has served, or one of the public URL. */
function isOwnOrigin(origin: string, host: string, publicUrl: string | undefined): boolean {
  if (origin === publicUrl) return true;
  const own = /^(https?:)\/\/[^/?#]+$/i.exec(origin)?.[1];
  if (own === undefined || !URL.canParse(origin) || !URL.canParse(`${own}//${host}`)) return false;
  return new URL(origin).origin === new URL(`${own}//${host}`).origin;
}

/** A link from another site may lead here; a page may not load, frame, send or change anything. */
function comesFromElsewhere({ method, headers }: Asked): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || SITES_OF_OUR_OWN.has(String(site))) return false;
  return !(SAFE_METHODS.has(method) && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document');
}

/**
 * Keeps pages of other sites from commanding the engine by the browser of whoever looks at them. What sends neither Origin
 * nor Sec-Fetch-Site is no browser and passes.
 * @throws ProblemError where a browser says that the request comes from elsewhere
 */
export function checkOrigin(request: Asked, publicUrl: string | undefined): void {
  const { origin, host = '' } = request.headers;
  const isForeign = (origin !== undefined && !isOwnOrigin(origin, host, publicUrl)) || comesFromElsewhere(request);
  if (isForeign) throw new ProblemError(problem('origin_foreign', { detail: String(origin ?? request.headers['sec-fetch-site']).slice(0, 200) }));
}
