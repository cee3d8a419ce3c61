// SPDX-License-Identifier: GPL-3.0-or-later
//
// What our own client says to an account with RingCentral's new call handling, where Do Not Disturb and the queues are two
// members instead of one.

import assert from 'node:assert/strict';
import { ClientProgram, connect } from './client-program.mjs';
import { judge, readContracts, sortExchanges } from './exchange-judge.mjs';
import { RecordingProxy } from './recording-proxy.mjs';

export const options = ['--users', '30', '--no-daily-life', '--new-call-handling', '--fault', 'permission-added=Organization.Read.All'];

const rules = ['rules', 'set', 'In a meeting=no-queue-calls'];
const put = 'PUT /restapi/v1.0/account/{account}/extension/{extension}/presence';

async function walk(tenant, client, proxy) {
  const { people } = await tenant.control('GET', '/people');
  const [one, another] = people.filter(({ odd, microsoft, ringcentral }) => odd === 'nothing' && microsoft?.teams_licence &&
    ringcentral?.queues.length > 0 && ringcentral.status === 'Enabled' && !ringcentral.admin &&
    ringcentral.shown.accept_call_queue_calls && ringcentral.shown.dnd_status_personal === 'TakeAllCalls');

  await connect(client, tenant, proxy.url);
  await client.run(rules);
  await client.run(['rules', 'enable']);
  await tenant.control('POST', `/people/${one.ringcentral.id}/teams`, { availability: 'DoNotDisturb', activity: 'Presenting' });
  await tenant.control('POST', `/people/${another.ringcentral.id}/teams`, { availability: 'Busy', activity: 'InAMeeting' });
  await client.run(['users', 'sync', '--all'], [0, 1]); // 1: somebody cannot be synced, and it says who
  await client.run(['disable']);
  assert.equal((await tenant.control('GET', '/ours')).counts.total, 0);
}

export async function run(checks, tenant, program) {
  const client = new ClientProgram(program);
  const proxy = new RecordingProxy(tenant.graph_url);
  const contracts = await readContracts();

  await client.prepare(tenant);
  await proxy.start();
  try {
    await checks.check('connect, sync, disable', () => walk(tenant, client, proxy));
    const { seen, unknown } = sortExchanges(proxy.exchanges, contracts);

    await checks.check('nothing was asked for that is in no contract', async () =>
      assert.deepEqual(unknown.map(({ method, path }) => `${method} ${path}`), []));
    for (const [operation, { own, vendor, exchanges }] of seen) {
      if (exchanges.length > 0)
        await checks.check(`${operation}: ${exchanges.length}`, async () =>
          exchanges.forEach((exchange) => judge(own, vendor, operation, exchange)));
    }
    await checks.check('the two members of the new call handling were written, and not the old one', async () => {
      const bodies = seen.get(put).exchanges.map(({ body }) => body);

      assert.ok(bodies.some(({ dndStatusPersonal }) => dndStatusPersonal === 'DoNotAcceptAnyCalls'));
      assert.ok(bodies.some(({ acceptCallQueueCalls }) => acceptCallQueueCalls === false));
      assert.ok(bodies.every(({ dndStatus }) => dndStatus === undefined));
    });
  } finally {
    await client.remove();
    await proxy.stop();
  }
}
