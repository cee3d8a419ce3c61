// SPDX-License-Identifier: GPL-3.0-or-later
//
// @ringcentral/sdk and @ringcentral/subscriptions as they come from npm: sign-in, paging, bulk reads, writes, limits, events,
// and the event socket's recovery, which the subscriptions package leaves to @rc-ex/ws.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import sdkModule from '@ringcentral/sdk';
import subscriptionsModule from '@ringcentral/subscriptions';

const { SDK } = sdkModule;
const { Subscriptions } = subscriptionsModule;

export const options = ['--users', '1200', '--no-daily-life', '--ringcentral-limit', '1000'];

const account = '/restapi/v1.0/account/~';

function makeSdk(tenant, more = {}) {
  return new SDK({
    server: tenant.ringcentral_url,
    clientId: tenant.ringcentral_client_id,
    clientSecret: tenant.ringcentral_client_secret,
    cachePrefix: randomBytes(8).toString('hex'), // sessions of their own: the SDK shares its cache otherwise
    ...more,
  });
}

// Runs `func`, which must be refused. Returns the status, the headers and the body.
async function refused(func) {
  try {
    await func();
  } catch (error) {
    if (error.response === undefined || error.response === null)
      throw error;
    return { status: error.response.status, headers: error.response.headers, body: await error.response.clone().json() };
  }
  throw new Error('it was not refused');
}

// Waits until `condition` is true, looking at it when something happened.
function eventually(emitter, event, condition) {
  return new Promise((resolve) => {
    const look = () => {
      if (!condition())
        return;
      emitter.off(event, look);
      resolve();
    };

    emitter.on(event, look);
    look();
  });
}

async function runRest(checks, tenant, sdk) {
  const platform = sdk.platform();
  let extensions = [];

  await checks.check('sign-in with the JWT', async () => {
    const reply = await sdk.login({ jwt: tenant.ringcentral_jwt });
    const token = await reply.json();

    assert.equal(token.token_type, 'bearer');
    assert.equal(await platform.loggedIn(), true);
  });
  await checks.check('a wrong JWT and a wrong secret are refused', async () => {
    const wrongJwt = await refused(() => makeSdk(tenant).login({ jwt: 'x.y.z' }));
    const wrongSecret = await refused(() => makeSdk(tenant, { clientSecret: 'no' }).login({ jwt: tenant.ringcentral_jwt }));

    assert.equal(wrongJwt.body.error, 'invalid_grant');
    assert.equal(wrongSecret.body.error, 'invalid_client');
    assert.equal(wrongSecret.body.errors[0].errorCode, 'OAU-146');
  });
  await checks.check('all users, page by page', async () => {
    let link = `${account}/extension?type=User&perPage=500`;
    let total;

    while (link !== undefined) {
      const page = await (await sdk.get(link)).json();

      extensions.push(...page.records);
      total = page.paging.totalElements;
      link = page.navigation.nextPage?.uri;
    }
    assert.equal(extensions.length, 1200);
    assert.equal(total, 1200);
    assert.equal(new Set(extensions.map((extension) => extension.id)).size, 1200);
  });
  await checks.check('account presence covers every extension', async () => {
    const first = await (await sdk.get(`${account}/presence`, { perPage: 1000, detailedTelephonyState: true })).json();
    const second = await (await sdk.get(first.navigation.nextPage.uri)).json();
    const all = [...first.records, ...second.records];

    assert.equal(all.length, first.paging.totalElements);
    assert.equal(all.filter((record) => record.userStatus !== undefined).length, 1200);
    assert.ok(all.length > 1200);
  });
  await checks.check('30 presences in one multipart reply', async () => {
    const ids = extensions.slice(0, 29).map((extension) => extension.id);
    const reply = await sdk.get(`${account}/extension/${ids.join(',')},4711/presence`);
    const parts = await sdk.client().multipart(reply);

    assert.equal(reply.status, 207);
    assert.equal(parts.length, 30);
    assert.deepEqual(await Promise.all(parts.slice(0, 29).map(async (part) => (await part.json()).extension.id)), ids);
    assert.equal(parts[29].status, 404);
    assert.equal((await parts[29].json()).errorCode, 'CMN-102');
  });
  await checks.check('the same as JSON', async () => {
    const ids = extensions.slice(0, 30).map((extension) => extension.id);
    const reply = await sdk.get(`${account}/extension/${ids.join(',')}/presence`, undefined,
      { headers: { Accept: 'application/vnd.ringcentral.multipart+json' } });
    const parts = await reply.json();

    assert.deepEqual(parts.map((part) => part.body.extension.id), ids);
    assert.ok(parts.every((part) => part.status === 200));
  });
  await checks.check('31 presences are refused', async () => {
    const ids = extensions.slice(0, 31).map((extension) => extension.id);
    const { status, body } = await refused(() => sdk.get(`${account}/extension/${ids.join(',')}/presence`));

    assert.equal(status, 400);
    assert.equal(body.errorCode, 'InvalidMultipartRequest');
  });
  await checks.check('writing a presence, and a wrong one', async () => {
    const path = `${account}/extension/${extensions[0].id}/presence`;
    const written = await (await sdk.put(path, { userStatus: 'Busy' })).json();
    const { status, body } = await refused(() => sdk.put(path, { userStatus: 'Away' }));

    assert.equal(written.userStatus, 'Busy');
    assert.equal(written.presenceStatus, 'Busy');
    assert.equal(status, 400);
    assert.equal(body.parameterName, 'userStatus');
    await sdk.put(path, { userStatus: 'Available' });
  });
  await checks.check('refresh, and the old access token is dead', async () => {
    const old = (await platform.auth().data()).access_token;

    await platform.refresh();
    assert.notEqual((await platform.auth().data()).access_token, old);
    const { status } = await fetch(tenant.ringcentral_url + account, { headers: { Authorization: `Bearer ${old}` } });
    assert.equal(status, 401);
    assert.equal((await sdk.get(account)).status, 200);
  });
  await checks.check('429: the SDK reads its Retry-After', async () => {
    await tenant.control('POST', '/limits', { group: 'Heavy', per_minute: 1, penalty_s: 60 });
    await tenant.control('POST', '/time', { advance_ms: 60000 });
    await sdk.get(`${account}/presence`, { perPage: 1 });
    let seen;
    platform.once(platform.events.rateLimitError, (error) => { seen = error.retryAfter; });
    const { status, headers, body } = await refused(() => sdk.get(`${account}/presence`, { perPage: 1 }));

    assert.equal(status, 429);
    assert.equal(seen, 60000);
    assert.equal(body.errorCode, 'CMN-301');
    assert.equal(headers.get('x-rate-limit-group'), 'heavy');
    assert.equal(headers.get('x-rate-limit-limit'), '1');
    assert.equal(headers.get('x-rate-limit-remaining'), '0');
    assert.equal(headers.get('x-rate-limit-window'), '60');
    await tenant.control('POST', '/limits', { group: 'Heavy', per_minute: 10, penalty_s: 60 });
    await tenant.control('POST', '/time', { advance_ms: 120000 });
  });
  await checks.check('the public client: PKCE is the SDK\'s own', async () => {
    const pkce = makeSdk(tenant, { clientId: tenant.ringcentral_public_client_id, clientSecret: undefined,
      redirectUri: 'http://localhost:47821/oauth/ringcentral' });
    const url = new URL(pkce.loginUrl({ usePKCE: true }));
    const verifier = pkce.platform().codeVerifier;

    assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
    assert.equal(url.searchParams.get('code_challenge'), createHash('sha256').update(verifier).digest('base64url'));
    const { status, body } = await refused(() => pkce.login({ code: 'nonsense', code_verifier: verifier }));
    assert.equal(status, 400);
    assert.equal(body.errors[0].errorCode, 'OAU-106');
  });
  return extensions;
}

async function runSocket(checks, tenant, sdk, extensions) {
  const subscriptions = new Subscriptions({ sdk });
  const subscription = subscriptions.createSubscription();
  const events = [];
  const user = extensions.find((extension) => extension.status === 'Enabled' && !extension.permissions.admin.enabled);
  const act = (body) => tenant.control('POST', `/people/${user.id}/phone`, body);
  const seen = (count) => eventually(subscription, subscription.events.notification, () => events.length >= count);
  let info;

  subscription.on(subscription.events.notification, (event) => events.push(event));
  await tenant.control('POST', '/time', { advance_ms: 60000 });
  await checks.check('a subscription over the event socket', async () => {
    info = await subscription
      .setEventFilters([`${account}/presence?detailedTelephonyState=true`, `${account}/nonsense`]).register();
    assert.equal(info.subscriptionInfo.status, 'Active');
    assert.equal(info.subscriptionInfo.eventFilters.length, 1);
    assert.equal(info.subscriptionInfo.disabledFilters.length, 1);
  });
  if (info === undefined)
    return;
  const extension = info.wse;
  await checks.check('events, in the order of their sequence', async () => {
    await act({ choose: 'Busy' });
    await tenant.control('POST', `/people/${user.id}/calls`, { action: 'begin', status: 'Ringing' });
    await seen(2);
    assert.equal(events[0].body.extensionId, `${user.id}`);
    assert.equal(events[0].body.userStatus, 'Busy');
    assert.equal(events[0].body.telephonyStatus, undefined);
    assert.equal(events[1].body.telephonyStatus, 'Ringing');
    assert.equal(events[1].body.activeCalls.length, 1);
    assert.ok(events[1].body.sequence > events[0].body.sequence);
  });
  await checks.check('after a cut: recovered, and nothing is missed', async () => {
    const before = extension.ws;
    const recovered = new Promise((resolve, reject) => {
      extension.eventEmitter.once('autoRecoverSuccess', resolve);
      extension.eventEmitter.once('autoRecoverFailed', () => reject(new Error('the recovery failed')));
    });

    await tenant.control('POST', '/sockets/cut', {});
    await act({ choose: 'Available' });
    await act({ choose: 'DoNotDisturb' });
    // The SDK tries its old, single-use socket token first, until it takes it for expired (24 s).
    await recovered;
    await seen(4);
    assert.notEqual(extension.ws, before);
    assert.equal(extension.connectionDetails.recoveryState, 'Successful');
    assert.equal(events[2].body.dndStatus, 'TakeAllCalls');
    assert.equal(events[3].body.dndStatus, 'DoNotAcceptAnyCalls');
    await act({ choose: 'Available' });
    await seen(5);
  });
  await checks.check('after a cut of more than 180 s: failed, and subscribed anew', async () => {
    const failed = new Promise((resolve) => { extension.eventEmitter.once('autoRecoverFailed', resolve); });
    const count = events.length;

    await tenant.control('POST', '/sockets/cut', {});
    await act({ choose: 'Busy' });
    await tenant.control('POST', '/time', { advance_ms: 181000 });
    await failed;
    assert.equal(extension.connectionDetails.recoveryState, 'Failed');
    await act({ choose: 'Available' });
    await seen(count + 1);
    assert.equal(events.length, count + 1); // what happened in between is lost
    assert.equal(events[count].body.userStatus, 'Available');
  });
  await checks.check('REST over the socket, then the end', async () => {
    const reply = await extension.request('GET', `${account}/extension/${user.id}/presence`);

    assert.equal(reply.status, 200);
    assert.equal(reply.data.userStatus, 'Available');
    await extension.revoke();
    assert.deepEqual((await (await sdk.get('/restapi/v1.0/subscription')).json()).records, []);
  });
}

export async function run(checks, tenant) {
  const sdk = makeSdk(tenant);
  const extensions = await runRest(checks, tenant, sdk);

  if (extensions.length > 0)
    await runSocket(checks, tenant, sdk, extensions);
  await checks.check('sign-out', async () => {
    const token = (await sdk.platform().auth().data()).access_token;

    await sdk.logout();
    const { status } = await fetch(tenant.ringcentral_url + account, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(status, 401);
  });
}
