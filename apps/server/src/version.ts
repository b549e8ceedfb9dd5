import { readFileSync } from 'node:fs';

/** The package's version; `package.json` stands above the sources and above what is built from them. */
function findVersion(): string {
  for (const up of ['../../../package.json', '../../../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'));
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') return parsed.version;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new Error('package.json is not where it was when this was built');
}

export const VERSION = findVersion();
