// SPDX-License-Identifier: GPL-3.0-or-later
//
// A demo tenant as a process of its own, with TLS. Its JSON line becomes the object's members (graph_url, client_id …).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export async function startTenant(program, options) {
  const child = spawn(program, ['--tls-certificate', 'certificate.pem', '--tls-key', 'key.pem', '--exit-with-stdin', ...options],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const first = once(createInterface({ input: child.stdout }), 'line');
  const line = await Promise.race([
    first,
    ended.then(([status]) => { throw new Error(`the demo tenant ended with status ${status}`); }),
  ]);

  return {
    ...JSON.parse(line[0]),

    // One call of the control interface. Returns the answer's JSON, undefined if it has none.
    async control(method, path, body) {
      const response = await fetch(this.control_url + path, {
        method,
        headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();

      if (!response.ok)
        throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },

    // A crash, or a leak that a sanitizer found, shows in the exit status.
    async stop() {
      child.stdin.end();
      const [status, signal] = await ended;

      if (status !== 0)
        throw new Error(`the demo tenant ended with ${signal ?? `status ${status}`}`);
    },
  };
}
