// SPDX-License-Identifier: GPL-3.0-or-later
//
// @microsoft/microsoft-graph-client as it comes from npm: paging, batches, presence, errors, its own retries.

import assert from 'node:assert/strict';
import graph from '@microsoft/microsoft-graph-client';
import { askForToken, getToken } from './microsoft-tools.mjs';

const { BatchRequestContent, BatchResponseContent, Client, GraphError, PageIterator } = graph;

export const options = ['--users', '700', '--no-daily-life'];

function makeClient(tenant, token) {
  return Client.init({
    authProvider: (done) => done(null, token),
    baseUrl: `${tenant.graph_url}/`,
    customHosts: new Set([new URL(tenant.graph_url).hostname]),
  });
}

async function collect(client, firstPage, requestOptions) {
  const all = [];
  const iterator = new PageIterator(client, firstPage, (item) => { all.push(item); return true; }, requestOptions);

  await iterator.iterate();
  assert.equal(iterator.isComplete(), true);
  return { all, deltaLink: iterator.getDeltaLink() };
}

// Runs `func`, which must be refused. Returns the SDK's error.
async function refused(func) {
  try {
    await func();
  } catch (error) {
    assert.ok(error instanceof GraphError, `no GraphError: ${error}`);
    return error;
  }
  assert.fail('was not refused');
}

export async function run(checks, tenant) {
  await checks.check('a wrong secret is invalid_client with AADSTS7000215', async () => {
    const { status, body } = await askForToken(tenant, { client_secret: 'wrong' });

    assert.equal(status, 401);
    assert.equal(body.error, 'invalid_client');
    assert.deepEqual(body.error_codes, [7000215]);
  });
  const token = await checks.check('client credentials give a token', () => getToken(tenant));
  const client = makeClient(tenant, token);
  const eventual = { ConsistencyLevel: 'eventual' };

  const users = await checks.check('PageIterator walks over all users', async () => {
    const first = await client.api('/users').header('ConsistencyLevel', 'eventual').count(true)
      .select('id,displayName,mail,userPrincipalName,accountEnabled').top(50).get();
    const count = first['@odata.count'];
    const { all } = await collect(client, first, { headers: eventual });

    assert.ok(count >= 700, `${count} users`);
    assert.equal(all.length, count);
    assert.equal(new Set(all.map((user) => user.id)).size, count);
    return all;
  });
  await checks.check('a page of 999 is the same list', async () => {
    const { value } = await client.api('/users').select('id').top(999).get();

    assert.deepEqual(value.map((user) => user.id), users.slice(0, 999).map((user) => user.id));
  });
  await checks.check('$filter and $search', async () => {
    const enabled = await client.api('/users').filter('accountEnabled eq true').select('id,accountEnabled').top(999).get();
    const somebody = users.find((user) => user.mail !== null);
    const found = await client.api('/users').header('ConsistencyLevel', 'eventual')
      .search(`"mail:${somebody.mail}"`).get();

    assert.equal(enabled.value.length, users.filter((user) => user.accountEnabled).length);
    assert.ok(found.value.some((user) => user.id === somebody.id));
  });
  await checks.check('$search without ConsistencyLevel is refused', async () => {
    const error = await refused(() => client.api('/users').search('"displayName:a"').get());

    assert.equal(error.statusCode, 400);
    assert.equal(error.code, 'Request_UnsupportedQuery');
  });
  await checks.check('delta: a round, a change, the next round', async () => {
    const { all, deltaLink } = await collect(client, await client.api('/users/delta').select('id,accountEnabled').get());
    const person = users.find((user) => user.accountEnabled);

    assert.equal(all.length, users.length);
    assert.ok(deltaLink);
    await tenant.control('POST', `/people/${person.id}/directory`, { microsoft_enabled: false });
    const next = await client.api(deltaLink).get();
    assert.deepEqual(next.value, [{ id: person.id, accountEnabled: false }]);
    await tenant.control('POST', `/people/${person.id}/directory`, { microsoft_enabled: true });
  });
  await checks.check('groups and their members, nested ones too', async () => {
    const { value: groups } = await client.api('/groups').select('id,displayName').top(999).get();
    const sizes = [];

    for (const group of groups) {
      const first = await client.api(`/groups/${group.id}/transitiveMembers/microsoft.graph.user`)
        .header('ConsistencyLevel', 'eventual').count(true).select('id').top(100).get();
      const { all } = await collect(client, first, { headers: eventual });

      assert.equal(all.length, first['@odata.count']);
      sizes.push(all.length);
    }
    assert.ok(Math.max(...sizes) > 100, `sizes ${sizes}`);
  });

  await checks.check('650 presences in one call, 651 are refused', async () => {
    const ids = users.map((user) => user.id);
    const { value } = await client.api('/communications/getPresencesByUserId').post({ ids: ids.slice(0, 650) });
    const error = await refused(() => client.api('/communications/getPresencesByUserId').post({ ids: ids.slice(0, 651) }));

    assert.equal(value.length, 650);
    assert.deepEqual(new Set(value.map((presence) => presence.id)), new Set(ids.slice(0, 650)));
    assert.equal(error.statusCode, 400);
  });
  // Somebody with a Teams licence: one without always reads PresenceUnknown.
  const { value: presences } = await client.api('/communications/getPresencesByUserId')
    .post({ ids: users.slice(0, 650).map((user) => user.id) });
  const person = presences.find((presence) => presence.availability !== 'PresenceUnknown');
  const presencePath = `/users/${person.id}/presence`;
  const session = { sessionId: tenant.client_id };
  const busy = { ...session, availability: 'Busy', activity: 'InACall', expirationDuration: 'PT10M' };

  await checks.check('set, read and clear presence', async () => {
    await client.api(`${presencePath}/setPresence`).post(busy);
    const during = await client.api(presencePath).get();

    assert.equal(during.availability, 'Busy');
    assert.equal(during.activity, 'InACall');
    await client.api(`${presencePath}/clearPresence`).post(session);
    const after = await client.api(presencePath).get();
    assert.notEqual(after.activity, 'InACall');
    assert.ok(after.sequenceNumber > during.sequenceNumber);
    assert.equal((await tenant.control('GET', '/ours')).counts.sessions, 0);
  });
  await checks.check('clearing a session that is not there is 404', async () => {
    const error = await refused(() => client.api(`${presencePath}/clearPresence`).post(session));

    assert.equal(error.statusCode, 404);
  });
  await checks.check('preferred presence: set and clear', async () => {
    await client.api(`${presencePath}/setUserPreferredPresence`)
      .post({ availability: 'DoNotDisturb', activity: 'DoNotDisturb', expirationDuration: 'PT8H' });
    assert.equal((await tenant.control('GET', '/ours')).counts.preferred, 1);
    await client.api(`${presencePath}/clearUserPreferredPresence`).post({});
    assert.equal((await tenant.control('GET', '/ours')).counts.preferred, 0);
  });
  await checks.check('status message: set and read', async () => {
    await client.api(`${presencePath}/setStatusMessage`)
      .post({ statusMessage: { message: { content: 'Back soon', contentType: 'text' } } });
    const { statusMessage } = await client.api(presencePath).get();

    assert.equal(statusMessage.message.content, 'Back soon');
    await client.api(`${presencePath}/setStatusMessage`)
      .post({ statusMessage: { message: { content: '', contentType: 'text' } } });
  });
  await checks.check('a pair that setPresence does not take is refused', async () => {
    const error = await refused(() => client.api(`${presencePath}/setPresence`).post({ ...busy, activity: 'Busy' }));

    assert.equal(error.statusCode, 400);
    assert.ok(error.requestId);
  });

  await checks.check('a batch of 20, answered by id', async () => {
    const steps = [];

    for (let i = 0; i < 18; i++)
      steps.push({ id: `${i}`, request: new Request(`${tenant.graph_url}/users/${users[i].id}?$select=id`, { method: 'GET' }) });
    steps.push({
      id: 'write',
      request: new Request(`${tenant.graph_url}${presencePath}/setPresence`,
        { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(busy) }),
    });
    steps.push({ id: 'missing', request: new Request(`${tenant.graph_url}/users/nobody@example.org`, { method: 'GET' }) });
    const answer = await client.api('/$batch').post(await new BatchRequestContent(steps).getContent());
    const batch = new BatchResponseContent(answer);

    assert.equal(batch.getResponses().size, 20);
    for (let i = 0; i < 18; i++)
      assert.equal((await batch.getResponseById(`${i}`).json()).id, users[i].id);
    assert.equal(batch.getResponseById('write').status, 200);
    assert.equal(batch.getResponseById('missing').status, 404);
    assert.equal((await client.api(presencePath).get()).activity, 'InACall');
  });
  await checks.check('a batch whose parts depend on each other', async () => {
    const step = (id, path, dependsOn) => ({ id, dependsOn, request: new Request(`${tenant.graph_url}${path}`, { method: 'GET' }) });
    const content = new BatchRequestContent([
      step('1', '/groups'), step('2', '/users/nobody@example.org', ['1']), step('3', '/groups', ['2']),
    ]);
    const batch = new BatchResponseContent(await client.api('/$batch').post(await content.getContent()));

    assert.deepEqual(['1', '2', '3'].map((id) => batch.getResponseById(id).status), [200, 404, 424]);
  });
  await checks.check('a write without a body in a batch refuses the whole batch', async () => {
    const error = await refused(() => client.api('/$batch').post({
      requests: [{ id: '1', method: 'POST', url: `${presencePath}/clearUserPreferredPresence` }],
    }));

    assert.equal(error.statusCode, 400);
    assert.match(error.message, /Content-Type header or body/);
  });

  await checks.check('sendMail', async () => {
    const sender = users.find((user) => user.accountEnabled && user.mail !== null);

    await client.api(`/users/${sender.id}/sendMail`).post({
      message: {
        subject: 'Report', body: { contentType: 'Text', content: 'All well' },
        toRecipients: [{ emailAddress: { address: 'admin@example.org' } }],
      },
      saveToSentItems: false,
    });
    const { mail } = await tenant.control('GET', '/mail');
    assert.equal(mail.at(-1).subject, 'Report');
  });
  await checks.check("the SDK's retry honours Retry-After", async () => {
    await tenant.control('POST', '/faults', { name: '429@/v1.0/groups*1', value: '2' });
    const before = Date.now();

    await client.api('/groups').top(1).get();
    assert.ok(Date.now() - before >= 1900, `${Date.now() - before} ms`);
  });
  await checks.check('errors carry code, status, request id and body', async () => {
    const error = await refused(() => client.api('/users/nobody@example.org').get());

    assert.equal(error.statusCode, 404);
    assert.equal(error.code, 'Request_ResourceNotFound');
    assert.match(error.requestId, /^[0-9a-f-]{36}$/);
    assert.equal(JSON.parse(error.body).innerError['request-id'], error.requestId);
  });
  await checks.check('a missing permission and a bad token', async () => {
    await tenant.control('POST', '/faults', { name: 'permission-missing', value: 'Presence.ReadWrite.All' });
    const weak = makeClient(tenant, await getToken(tenant));
    await tenant.control('POST', '/faults', { name: 'permission-missing', value: null });
    const forbidden = await refused(() => weak.api(presencePath).get());
    const denied = await refused(() => client.api('/organization').get());
    const unknown = await refused(() => makeClient(tenant, 'a.b.c').api('/users').get());

    assert.equal(forbidden.statusCode, 403);
    assert.equal(denied.code, 'Authorization_RequestDenied');
    assert.equal(unknown.statusCode, 401);
    assert.equal(unknown.code, 'InvalidAuthenticationToken');
  });
}
