// SPDX-License-Identifier: GPL-3.0-or-later
//
// presence-syncctl as a process, with a state folder and credentials of its own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export class ClientProgram {
  #program;
  #folder;
  #running = new Set();

  constructor(program) {
    this.#program = program;
  }

  async prepare(tenant) {
    const credentials = {
      'microsoft-client-secret': tenant.client_secret,
      'ringcentral-jwt': tenant.ringcentral_jwt,
      'ringcentral-client-secret': tenant.ringcentral_client_secret,
    };

    assert.ok(existsSync(this.#program), `there is no ${this.#program}: build presence-syncctl, or name it in PS_CTL`);
    this.#folder = await mkdtemp(join(tmpdir(), 'presence-sync-conformance-'));
    await mkdir(join(this.#folder, 'credentials'), { mode: 0o700 });
    for (const [name, secret] of Object.entries(credentials))
      await writeFile(this.credential(name), `${secret}\n`, { mode: 0o600 });
    // Each command signs in for itself, and five sign-ins a minute are soon used up; limits are not what is looked at here.
    for (const group of ['Light', 'Medium', 'Heavy', 'Auth'])
      await tenant.control('POST', '/limits', { group, per_minute: 3000, penalty_s: 60 });
  }

  async remove() {
    for (const child of this.#running)
      child.kill('SIGKILL');
    if (this.#folder)
      await rm(this.#folder, { recursive: true, force: true });
  }

  credential(name) {
    return join(this.#folder, 'credentials', name);
  }

  // Starts it. `end()` waits for its exit status and what it printed.
  start(...words) {
    const child = spawn(this.#program, ['--data-dir', join(this.#folder, 'state'), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CREDENTIALS_DIRECTORY: join(this.#folder, 'credentials'),
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', LC_ALL: 'C.UTF-8' },
    });
    const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
      .finally(() => this.#running.delete(child));

    this.#running.add(child);
    return {
      stop: () => child.kill('SIGTERM'),
      async end() {
        const [[status, signal], out, err] = await ended;
        return { status: status ?? signal, out, err };
      },
    };
  }

  // Runs it to its end, which must be one of `statuses`. Returns what it printed.
  async run(words, statuses = [0]) {
    const { status, out, err } = await this.start(...words).end();

    assert.ok(statuses.includes(status), `${words.join(' ')}: ended with ${status}\n${out}${err}`);
    return out;
  }
}

// Both services, at `url`.
export async function connect(client, tenant, url) {
  await client.run(['connect', 'microsoft', '--tenant', tenant.tenant_id, '--client-id', tenant.client_id,
    '--secret-file', client.credential('microsoft-client-secret'), '--login-url', url, '--graph-url', url]);
  await client.run(['connect', 'ringcentral', '--client-id', tenant.ringcentral_client_id, '--server-url', url,
    '--jwt-file', client.credential('ringcentral-jwt'), '--client-secret-file', client.credential('ringcentral-client-secret')]);
}
