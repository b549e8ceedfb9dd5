import { endWithParent } from './end-with-parent.js';

// Before anything else is loaded, which may take long: from here on this process ends with its parent.
endWithParent();
process.send?.({ kind: 'alive' }, () => undefined);
await import('./child-server.js');
