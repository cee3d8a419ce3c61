// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replies and events of the RingCentral front against contracts: our own (contracts/ringcentral.json), and RingCentral's
// OpenAPI where it is at hand (PS_CONTRACTS).

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import Ajv2020 from 'ajv/dist/2020.js';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { mendRingCentral } from './openapi.mjs';

export const options = ['--users', '120', '--ringcentral-limit', '1000', '--no-daily-life'];

const vendorFile = `${process.env.PS_CONTRACTS}/ringcentral.openapi.json`;
const account = '/restapi/v1.0/account/~';
const accountPath = '/restapi/v1.0/account/{accountId}';
const extensionPath = `${accountPath}/extension/{extensionId}`;

async function readOwn() {
  const ajv = new Ajv2020.default({ allErrors: true, strictTypes: false });

  ajv.addSchema(JSON.parse(await readFile('contracts/ringcentral.json', 'utf8')));
  return (name, value) => {
    const validate = ajv.getSchema(`ringcentral#/$defs/${encodeURIComponent(name)}`);

    assert.ok(validate, `no definition ${name}`);
    assert.ok(validate(value), ajv.errorsText(validate.errors));
  };
}

async function readVendor() {
  const ajv = new Ajv.default({ allErrors: true, strict: false, validateSchema: false });
  const document = JSON.parse(await readFile(vendorFile, 'utf8'));
  const compiled = new Map();

  mendRingCentral(document.components.schemas);
  addFormats.default(ajv);
  ajv.addSchema(document, 'rc');
  const valid = (pointer, value) => {
    if (!compiled.has(pointer))
      compiled.set(pointer, ajv.compile({ $ref: `rc#${encodeURI(pointer)}` }));
    assert.ok(compiled.get(pointer)(value), ajv.errorsText(compiled.get(pointer).errors));
  };

  return {
    schema: (name, value) => valid(`/components/schemas/${name}`, value),
    reply(method, path, status, value) {
      const answer = document.paths[path][method.toLowerCase()].responses[status];
      const described = answer?.$ref ? document.components.responses[answer.$ref.split('/').pop()] : answer;

      if (answer === undefined) // errors that the operation does not list have the general shape
        return valid('/components/schemas/ApiErrorResponseModel', value);
      if (described.content === undefined)
        return status >= 400 ? undefined : assert.equal(value, undefined, 'a body where none is described');
      return valid(answer.$ref
        ? `${answer.$ref.slice(1)}/content/application~1json/schema`
        : `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}/responses/${status}` +
          '/content/application~1json/schema', value);
    },
  };
}

async function getToken(tenant, changes = {}) {
  const response = await fetch(`${tenant.ringcentral_url}/restapi/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${tenant.ringcentral_client_id}:${tenant.ringcentral_client_secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: tenant.ringcentral_jwt, ...changes,
    }),
  });

  return { status: response.status, body: await response.json() };
}

function makeCall(tenant, token) {
  return async (method, target, body, headers = {}) => {
    const response = await fetch(tenant.ringcentral_url + target, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();

    assert.ok(response.headers.get('rcrequestid'), 'no RCRequestId');
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

// own: the definition in our contract; path: RingCentral's name for it, where its document has it.
function cases(user, queue) {
  return [
    { own: 'account', path: accountPath, url: account },
    { path: `${accountPath}/service-info`, url: `${account}/service-info` },
    { own: 'extensions', path: `${accountPath}/extension`, url: `${account}/extension?perPage=1000` },
    { own: 'extension', path: extensionPath, url: `${account}/extension/~` },
    { own: 'extension', path: extensionPath, url: `${account}/extension/${user.id}` },
    { path: extensionPath, url: `${account}/extension/${queue.id}` },
    { own: 'permission check', path: `${extensionPath}/authz-profile/check`,
      url: `${account}/extension/~/authz-profile/check?permissionId=EditPresenceStatus&targetExtensionId=${user.id}` },
    { path: `${extensionPath}/authz-profile`, url: `${account}/extension/~/authz-profile` },
    { own: 'features', path: `${extensionPath}/features`, url: `${account}/extension/~/features` },
    { own: 'call queues', path: `${accountPath}/call-queues`, url: `${account}/call-queues` },
    { path: `${accountPath}/call-queues/{groupId}`, url: `${account}/call-queues/${queue.id}` },
    { own: 'members', path: `${accountPath}/call-queues/{groupId}/members`, url: `${account}/call-queues/${queue.id}/members` },
    { path: `${accountPath}/call-queues/{groupId}/presence`, url: `${account}/call-queues/${queue.id}/presence` },
    { path: `${extensionPath}/call-queue-presence`, url: `${account}/extension/${user.id}/call-queue-presence` },
    { own: 'directory', path: `${accountPath}/directory/entries`, url: `${account}/directory/entries?perPage=all` },
    { path: `${accountPath}/directory/entries/{entryId}`, url: `${account}/directory/entries/${user.id}` },
    { own: 'directory', path: `${accountPath}/directory/entries/search`, method: 'POST',
      url: `${account}/directory/entries/search`, body: { searchString: 'a' } },
    { own: 'presences', path: `${accountPath}/presence`, url: `${account}/presence?perPage=1000&detailedTelephonyState=true` },
    { own: 'presence', path: `${extensionPath}/presence`,
      url: `${account}/extension/${user.id}/presence?detailedTelephonyState=true&sipData=true` },
    { own: 'presence', path: `${extensionPath}/presence`, method: 'PUT', url: `${account}/extension/${user.id}/presence`,
      body: { userStatus: 'Busy', dndStatus: 'DoNotAcceptAnyCalls', message: 'Ä "quote"\n' } },
    { path: `${extensionPath}/unified-presence`, url: `${account}/extension/~/unified-presence` },
    { path: `${extensionPath}/unified-presence`, url: `${account}/extension/~,${user.id}/unified-presence`, status: 207 },
    { path: '/restapi/v1.0/subscription', url: '/restapi/v1.0/subscription' },
    { path: '/restapi', url: '/restapi' },
    { path: '/restapi/oauth/userinfo', url: '/restapi/oauth/userinfo' },
    { own: 'socket token', path: '/restapi/oauth/wstoken', method: 'POST', url: '/restapi/oauth/wstoken' },
    { own: 'refusal', path: extensionPath, url: `${account}/extension/4711`, status: 404 },
    { own: 'refusal', path: `${accountPath}/extension`, url: `${account}/extension?perPage=0`, status: 400 },
    { own: 'refusal', path: accountPath, url: account, headers: { Authorization: 'Bearer x' }, status: 401 },
    { own: 'refusal', path: `${extensionPath}/presence`, method: 'PUT', url: `${account}/extension/${queue.id}/presence`,
      body: { userStatus: 'Busy' }, status: 403 },
    { own: 'refusal', path: '/restapi/v1.0/subscription', method: 'POST', url: '/restapi/v1.0/subscription',
      body: { eventFilters: ['x'], deliveryMode: { transportType: 'WebSocket' } }, status: 400 },
    { own: 'refusal', path: '/restapi/v1.0/subscription/{subscriptionId}', url: '/restapi/v1.0/subscription/no', status: 404 },
    { own: 'directory refusal', path: `${accountPath}/directory/entries`, url: `${account}/directory/entries?perPage=0`,
      status: 400 },
    { own: 'directory refusal', path: `${accountPath}/directory/entries/{entryId}`, url: `${account}/directory/entries/1`,
      status: 404 },
  ];
}

// Opens the event socket, subscribes, lets things happen. Returns the messages.
async function listen(call, tenant, user) {
  const { body: { uri, ws_access_token: token } } = await call('POST', '/restapi/oauth/wstoken');
  const { default: WebSocket } = await import('ws');
  const socket = new WebSocket(`${uri}?access_token=${token}`);
  const messages = [];
  const waiting = [];
  const next = () => new Promise((resolve, reject) => {
    waiting.push(resolve);
    socket.once('error', reject);
    deal();
  });
  const deal = () => {
    while (waiting.length > 0 && messages.length > 0)
      waiting.shift()(messages.shift());
  };

  socket.on('message', (data) => { messages.push(JSON.parse(data)); deal(); });
  const details = await next();
  socket.send(JSON.stringify([{ type: 'ClientRequest', messageId: '1', method: 'POST', path: '/restapi/v1.0/subscription/' }, {
    eventFilters: [`${account}/presence`, `${account}/extension/${user.id}/presence?detailedTelephonyState=true`,
      `${account}/extension`, `${account}/directory/entries`, '/restapi/v1.0/nonsense'],
    deliveryMode: { transportType: 'WebSocket' },
  }]));
  const reply = await next();
  await tenant.control('POST', `/people/${user.id}/calls`, { action: 'begin', status: 'CallConnected' });
  const simple = await next();
  const detailed = await next();
  await tenant.control('POST', `/people/${user.id}/directory`, { extension_status: 'Disabled' });
  const list = await next();
  const directory = await next();
  socket.close();
  return { details, reply, simple, detailed, list, directory };
}

async function checkEvents(checks, call, tenant, user, own, vendor) {
  const heard = await checks.check('the event socket tells of a call and of a change', () => listen(call, tenant, user));

  if (heard === undefined)
    return;
  for (const [name, message] of Object.entries(heard))
    await checks.check(`own contract: socket ${name}`, async () => own(`socket ${name}`, message));
  if (vendor === undefined)
    return;
  for (const [schema, message] of [['SubscriptionInfo', heard.reply], ['AccountPresenceEvent', heard.simple],
    ['ExtensionPresenceEvent', heard.simple], ['DetailedExtensionPresenceEvent', heard.detailed],
    ['ExtensionListEvent', heard.list]])
    await checks.check(`RingCentral's contract: ${schema}`, async () => vendor.schema(schema, message[1]));
}

export async function run(checks, tenant) {
  const own = await readOwn();
  const vendor = existsSync(vendorFile) ? await readVendor() : undefined;
  const good = await getToken(tenant);
  const bad = await getToken(tenant, { assertion: 'x' });
  const call = makeCall(tenant, good.body.access_token);
  const { body: { records } } = await call('GET', `${account}/extension?perPage=1000`);
  const user = records.find((record) => record.type === 'User' && record.status === 'Enabled' && !record.permissions.admin.enabled);
  const queue = records.find((record) => record.type === 'Department');

  // So that the presences are not all empty; and the tenant's limits are not what is looked at here.
  await tenant.control('POST', `/people/${user.id}/calls`, { action: 'begin', status: 'CallConnected' });
  for (const group of ['Light', 'Heavy', 'Auth'])
    await tenant.control('POST', '/limits', { group, per_minute: 1000, penalty_s: 60 });

  await checks.check('own contract: token and its refusal', async () => {
    own('token', good.body);
    own('token refusal', bad.body);
  });
  if (vendor !== undefined) {
    await checks.check('RingCentral\'s contract: token and its refusal', async () => {
      vendor.reply('POST', '/restapi/oauth/token', 200, good.body);
      vendor.reply('POST', '/restapi/oauth/token', 400, bad.body);
    });
  } else {
    console.log('        RingCentral\'s OpenAPI is not at hand: our own contract only');
  }
  await checks.check('the contracts refuse what is wrong', async () => {
    const { body } = await call('GET', `${account}/presence?detailedTelephonyState=true`);
    const without = structuredClone(body);
    const wrong = structuredClone(body);

    delete without.records[0].dndStatus;
    wrong.records[0].telephonyStatus = 'Talking';
    own('presences', body);
    assert.throws(() => own('presences', without));
    assert.throws(() => own('presences', wrong));
    if (vendor !== undefined)
      assert.throws(() => vendor.reply('GET', `${accountPath}/presence`, 200, wrong));
  });
  for (const { own: name, path, url, method = 'GET', body, headers, status = 200 } of cases(user, queue)) {
    await checks.check(`${method} ${url.replaceAll(String(user.id), '{user}').replaceAll(String(queue.id), '{queue}')}: ${status}`,
      async () => {
        const answer = await call(method, url, body, headers);

        assert.equal(answer.status, status, JSON.stringify(answer.body));
        if (name !== undefined)
          own(name, answer.body);
        vendor?.reply(method, path, status, answer.body);
      });
  }
  await checkEvents(checks, call, tenant, user, own, vendor);
}
