// Preloaded into the dashboard by the end-to-end tests (NODE_OPTIONS=--import): writes each address that any code of
// the process connects to or looks up into CONNECTION_LOG, one per line. It watches Node itself, not the application.
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import net from 'node:net';

const file = process.env.CONNECTION_LOG;
if (file !== undefined) {
  const note = (text) => appendFileSync(file, `${text}\n`);
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function watchedConnect(...args) {
    const [options] = Array.isArray(args[0]) ? args[0] : args;
    if (typeof options === 'object' && options !== null) {
      note(
        options.path === undefined
          ? `connect ${options.host ?? 'localhost'}:${options.port}`
          : 'connect pipe',
      );
    } else {
      note(`connect ${typeof args[1] === 'string' ? args[1] : 'localhost'}:${options}`);
    }
    return connect.apply(this, args);
  };
  const lookup = dns.lookup;
  dns.lookup = function watchedLookup(hostname, ...rest) {
    note(`lookup ${hostname}`);
    return lookup.call(this, hostname, ...rest);
  };
}
