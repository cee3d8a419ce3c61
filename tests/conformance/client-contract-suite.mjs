// SPDX-License-Identifier: GPL-3.0-or-later
//
// What our own client says: presence-syncctl goes its whole way on the demo tenant, and each request and each reply on the
// way is held to contracts: our own (contracts/*.json), and the vendors' OpenAPI where it is at hand (PS_CONTRACTS).

import assert from 'node:assert/strict';
import { ClientProgram, connect } from './client-program.mjs';
import { judge, readContracts, sortExchanges } from './exchange-judge.mjs';
import { getToken } from './microsoft-tools.mjs';
import { RecordingProxy } from './recording-proxy.mjs';

// More than a page of each directory, and more than one call reads of Teams presences.
export const options = ['--users', '1050', '--no-daily-life', '--fault', 'permission-added=Organization.Read.All'];

const LONGEST_MS = 40_000;

// --- the way ---

async function until(what, func) {
  const deadline = Date.now() + LONGEST_MS;

  while (!await func()) {
    assert.ok(Date.now() < deadline, `it did not come to pass: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

// Somebody with everything in order, and free on both sides; of the users, each only once.
function makePicker(people) {
  const free = people.filter(({ odd, microsoft, ringcentral }) => odd === 'nothing' && microsoft?.teams_licence &&
    microsoft.shown.availability === 'Available' && microsoft.preferred === null && ringcentral?.status === 'Enabled' &&
    !ringcentral.admin && ringcentral.shown.presence_status === 'Available' && ringcentral.shown.dnd_status === 'TakeAllCalls');

  return (wanted = () => true) => {
    const index = free.findIndex(wanted);

    assert.ok(index >= 0, 'nobody is left to act');
    return free.splice(index, 1)[0].ringcentral.id;
  };
}

// What somebody does, where it must be seen on the other side, and how it ends: [path, body, what is shown, path, body, shown].
const acts = [
  ['teams', { availability: 'Busy', activity: 'Busy' }, ({ ringcentral: { shown } }) => shown.user_status === 'Busy',
    'teams', { availability: 'Available' }, ({ ringcentral: { shown } }) => shown.user_status === 'Available'],
  ['teams', { availability: 'DoNotDisturb', activity: 'Presenting' },
    ({ ringcentral: { shown } }) => shown.dnd_status === 'DoNotAcceptAnyCalls',
    'teams', { availability: 'Available' }, ({ ringcentral: { shown } }) => shown.dnd_status === 'TakeAllCalls'],
  ['teams', { availability: 'Busy', activity: 'InAMeeting' },
    ({ ringcentral: { shown } }) => shown.dnd_status === 'DoNotAcceptDepartmentCalls',
    'teams', { availability: 'Away' }, ({ ringcentral: { shown } }) => shown.user_status === 'Offline',
    ({ ringcentral }) => ringcentral.queues.length > 0],
  ['calls', { action: 'begin', status: 'CallConnected' }, ({ microsoft: { session } }) => session?.activity === 'InACall',
    'calls', { action: 'end' }, ({ microsoft: { session } }) => session === null],
  ['phone', { meeting: true }, ({ microsoft: { session } }) => session?.activity === 'InAConferenceCall',
    'phone', { meeting: false }, ({ microsoft: { session } }) => session === null],
  ['phone', { choose: 'DoNotDisturb' }, ({ microsoft: { preferred } }) => preferred?.availability === 'DoNotDisturb',
    'phone', { choose: 'Available' }, ({ microsoft: { preferred } }) => preferred === null],
  ['phone', { choose: 'Busy' }, ({ microsoft: { preferred } }) => preferred?.availability === 'Busy',
    'phone', { choose: 'Available' }, ({ microsoft: { preferred } }) => preferred === null],
];

async function live(must, tenant, client, proxy) {
  const { people } = await tenant.control('GET', '/people?limit=3000');
  const pick = makePicker(people);
  const before = proxy.exchanges.length;
  const engine = client.start('run', '--poll-seconds', '10');
  const act = async ([path, body, shown, endPath, endBody, over, wanted]) => {
    const id = pick(wanted);

    await tenant.control('POST', `/people/${id}/${path}`, body);
    await until(JSON.stringify(body), async () => shown(await tenant.control('GET', `/people/${id}`)));
    await tenant.control('POST', `/people/${id}/${endPath}`, endBody);
    await until(JSON.stringify(endBody), async () => over(await tenant.control('GET', `/people/${id}`)));
  };

  // What is so when it first looks is nobody's choice: nothing may change before it has seen everybody.
  await must('the engine has seen everybody, and listens', () => until('all of that', async () => {
    const { state, users, teams } = JSON.parse(await client.run(['--json', 'status']));

    return state === 'running' && users.pending === 0 && teams.last_read !== null &&
      proxy.exchanges.slice(before).some(({ socket }) => socket);
  }));
  await must('what people do on either side is seen on the other', () => Promise.all(acts.map(act)));
  // Something that is there when everything is undone.
  await must('something of ours is left for disable', async () => {
    const [inCall, quiet] = [pick(), pick()];

    await tenant.control('POST', `/people/${inCall}/calls`, { action: 'begin', status: 'CallConnected' });
    await tenant.control('POST', `/people/${quiet}/phone`, { choose: 'DoNotDisturb' });
    await until('both', async () => (await tenant.control('GET', '/ours')).counts.total >= 2);
  });
  await must('the engine ends', async () => {
    engine.stop();
    const { status, err } = await engine.end();

    assert.equal(status, 0, err);
  });
}

async function walk(must, tenant, client, proxy) {
  const step = (words, statuses) => must(words.slice(0, 3).join(' '),
    () => client.run(words, statuses));
  const response = await fetch(`${tenant.graph_url}/v1.0/groups`, { headers: { Authorization: `Bearer ${await getToken(tenant)}` } });
  const { value: [group] } = await response.json();

  await must('connect', () => connect(client, tenant, proxy.url));
  await step(['check'], [0, 1]);
  await step(['users', 'preview']);
  await step(['users', 'sync', '--group', group.displayName], [0, 1]); // 1: somebody cannot be synced, and it says who
  await step(['users', 'sync', '--all'], [0, 1]);
  await step(['rules', 'set', 'In a meeting=no-queue-calls']);
  await step(['rules', 'enable']);
  await live(must, tenant, client, proxy);
  await step(['report', '--email', '--from', tenant.admin_upn, '--to', 'somebody@example.org', '--to', 'else@example.org'], [0, 1]);
  await step(['disable']);
  await must('nothing of ours is left', async () =>
    assert.equal((await tenant.control('GET', '/ours')).counts.total, 0));
  await must('the report was sent', async () =>
    assert.equal((await tenant.control('GET', '/mail')).mail.length, 1));
  await step(['disconnect']);
}

// --- the judgement ---

// whole: did the client come to its way's end? Else nothing can be said about what was never asked for.
async function judgeAll(checks, proxy, contracts, whole) {
  const { seen, unknown } = sortExchanges(proxy.exchanges, contracts);

  for (const [operation, { own, vendor, exchanges }] of seen) {
    if (!whole && exchanges.length === 0)
      continue;
    await checks.check(`${operation}: ${exchanges.length}`, async () => {
      assert.ok(exchanges.length > 0, 'it was never asked for');
      for (const exchange of exchanges)
        judge(own, vendor, operation, exchange);
    });
  }
  await checks.check('nothing was asked for that is in no contract', async () =>
    assert.deepEqual(unknown.map(({ method, path, broken }) => `${method} ${path} ${broken ?? ''}`), []));
  if (!whole)
    return;
  await checks.check('pages were followed on both sides', async () => {
    assert.ok(proxy.exchanges.some(({ link, path }) => link && path.startsWith('/v1.0')), 'none of Graph');
    assert.ok(proxy.exchanges.some(({ link, path }) => link && path.startsWith('/restapi')), 'none of RingCentral');
  });
  await checks.check('what was said on the event socket was answered, and events came', async () => {
    assert.deepEqual(proxy.frames, []);
    assert.ok(proxy.notifications > 0);
  });
}

// A judge who lets everything pass is none.
async function checkTheJudge(checks, proxy, contracts) {
  const wrong = [
    [/setPresence$/, (one) => { one.body.activty = 'InACall'; }],
    [/setPresence$/, (one) => { delete one.body.activity; }],
    [/sendMail$/, (one) => { one.body.message.toRecipients[0].emailAddress.adress = 'x'; }],
    [/getPresencesByUserId$/, (one) => { one.body.ids = 'x'; }],
    [/transitiveMembers/, (one) => { one.query.$tpo = '1'; }],
    [/users\/delta$/, (one) => { one.query.$select = 'id,e-mail'; }],
    [/^PUT .*presence$/, (one) => { one.body.userStatus = 'Away'; }],
    [/^PUT .*presence$/, (one) => { one.content = 'text/plain'; }],
    [/extension$/, (one) => { one.query.perPage = 'all'; }],
    [/account}\/presence$/, (one) => { one.reply.records[0].presenceStatus = 'Away'; }],
    [/subscription$/, (one) => { delete one.body.deliveryMode; }],
  ];
  const { seen } = sortExchanges(proxy.exchanges, contracts);

  for (const [pattern, spoil] of wrong) {
    await checks.check(`a wrong request is noticed: ${pattern} ${String(spoil).slice(10, -2)}`, async () => {
      const [operation, { own, vendor, exchanges }] = [...seen].find(([name]) => pattern.test(name));
      const exchange = structuredClone(exchanges.find(({ link }) => !link));

      judge(own, vendor, operation, exchange);
      spoil(exchange);
      assert.throws(() => { own.request(operation, exchange); own.reply(operation, exchange); }, 'our contract');
      if (vendor)
        assert.throws(() => { vendor.request(exchange); vendor.reply(exchange); }, "the vendor's contract");
    });
  }
}

export async function run(checks, tenant, program) {
  const client = new ClientProgram(program);
  const proxy = new RecordingProxy(tenant.graph_url);
  const contracts = await readContracts();
  const before = checks.failed;
  // A step that fails leaves the next ones nothing to stand on; what was asked up to there is judged.
  const must = async (name, func) => {
    await checks.check(name, func);
    assert.equal(checks.failed, before, 'the way ended early');
  };

  await client.prepare(tenant);
  await proxy.start();
  try {
    try {
      await walk(must, tenant, client, proxy);
    } catch (error) {
      checks.fail('the client comes to the end of its way', error);
    }
    await judgeAll(checks, proxy, contracts, checks.failed === before);
    if (checks.failed === before)
      await checkTheJudge(checks, proxy, contracts);
  } finally {
    await client.remove();
    await proxy.stop();
  }
}
