// SPDX-License-Identifier: GPL-3.0-or-later
//
// Replies of the Microsoft front against contracts: our own (contracts/microsoft.json), and Microsoft's OpenAPI where it
// is at hand (PS_CONTRACTS).

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import Ajv2020 from 'ajv/dist/2020.js';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { askForToken, getToken } from './microsoft-tools.mjs';

export const options = ['--users', '200', '--fault', 'permission-added=Organization.Read.All'];

export const vendorFile = `${process.env.PS_CONTRACTS}/microsoft-graph.openapi.json`;

export async function readOwn() {
  const ajv = new Ajv2020.default({ allErrors: true, strictTypes: false });

  ajv.addSchema(JSON.parse(await readFile('contracts/microsoft.json', 'utf8')));
  return (name, value) => {
    const validate = ajv.getSchema(`microsoft#/$defs/${encodeURIComponent(name)}`);

    assert.ok(validate, `no definition ${name}`);
    assert.ok(validate(value), ajv.errorsText(validate.errors));
  };
}

// OpenAPI 3.0 says `nullable` where JSON Schema says a type; Ajv knows the word.
export async function readVendor() {
  const ajv = new Ajv.default({ allErrors: true, strict: false });
  const document = JSON.parse(await readFile(vendorFile, 'utf8'));

  addFormats.default(ajv);
  ajv.addFormat('base64url', /^[A-Za-z0-9_=-]*$/);
  ajv.addSchema(document, 'graph');
  return (method, path, status, value) => {
    const answers = document.paths[path][method.toLowerCase()].responses;
    const key = answers[status] ? `${status}` : status < 300 ? (answers['2XX'] ? '2XX' : '200') : 'default';
    let pointer = `/paths/${escape(path)}/${method.toLowerCase()}/responses/${key}`;

    if (answers[key].$ref)
      pointer = answers[key].$ref.slice(1);
    const resolved = pointer.split('/').slice(1).reduce((node, part) => node[unescape(part)], document);
    if (resolved.content === undefined)
      return assert.equal(value, undefined, 'a body where none is described');
    const validate = ajv.compile({ $ref: `graph#${encodeURI(pointer)}/content/application~1json/schema` });
    assert.ok(validate(value), ajv.errorsText(validate.errors));
  };
}

function escape(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescape(part) {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

// Every kind of call that the product makes. own: the definition in our contract; path: Microsoft's name for it.
async function cases(call, tenant) {
  const fields = 'id,displayName,mail,userPrincipalName,proxyAddresses,accountEnabled,userType';
  const eventual = { headers: { ConsistencyLevel: 'eventual' } };
  const users = (await call('GET', '/users?$top=999&$select=id,assignedPlans')).body.value;
  const licensed = users.filter((user) => user.assignedPlans.length > 0);
  const { body: { value: [group] } } = await call('GET', '/groups?$top=1');
  const presence = `/users/${licensed[0].id}/presence`;
  const session = { sessionId: tenant.client_id };
  const ids = users.map((user) => user.id);

  return [
    { own: 'users', path: '/users', url: `/users?$select=${fields}&$top=50&$count=true`, ...eventual },
    { own: 'users by default', path: '/users', url: '/users' },
    { path: '/users/{user-id}', url: `/users/${licensed[0].id}` },
    { own: 'delta', path: '/users/delta', url: '/users/delta?$select=id,mail' },
    { own: 'delta', path: '/users/delta', url: '/users/delta?$deltatoken=latest' },
    { own: 'groups', path: '/groups', url: '/groups' },
    { path: '/groups/{group-id}', url: `/groups/${group.id}` },
    { own: 'members', path: '/groups/{group-id}/transitiveMembers', url: `/groups/${group.id}/transitiveMembers` },
    { own: 'users', path: '/groups/{group-id}/transitiveMembers/microsoft.graph.user',
      url: `/groups/${group.id}/transitiveMembers/microsoft.graph.user?$count=true&$select=${fields}`, ...eventual },
    { own: 'organization', path: '/organization', url: '/organization' },
    { path: '/users/{user-id}/presence/setStatusMessage', method: 'POST', url: `${presence}/setStatusMessage`,
      body: { statusMessage: { message: { content: 'Back soon', contentType: 'text' },
        expiryDateTime: { dateTime: '2099-01-01T00:00:00', timeZone: 'UTC' } } } },
    { own: 'presences', path: '/communications/getPresencesByUserId', method: 'POST',
      url: '/communications/getPresencesByUserId', body: { ids } },
    { own: 'presence', path: '/users/{user-id}/presence', url: presence },
    { own: 'presence', path: '/communications/presences/{presence-id}', url: `/communications/presences/${licensed[1].id}` },
    { path: '/users/{user-id}/presence/setPresence', method: 'POST', url: `${presence}/setPresence`,
      body: { ...session, availability: 'Busy', activity: 'InACall', expirationDuration: 'PT10M' } },
    { path: '/communications/presences/{presence-id}/clearPresence', method: 'POST',
      url: `/communications/presences/${licensed[0].id}/clearPresence`, body: session },
    { path: '/users/{user-id}/presence/setUserPreferredPresence', method: 'POST',
      url: `${presence}/setUserPreferredPresence`, body: { availability: 'Busy', activity: 'Busy' } },
    { path: '/users/{user-id}/presence/clearUserPreferredPresence', method: 'POST',
      url: `${presence}/clearUserPreferredPresence`, body: {} },
    { path: '/users/{user-id}/sendMail', method: 'POST', url: `/users/${licensed[0].id}/sendMail`, status: 202,
      body: { message: { subject: 'x', toRecipients: [{ emailAddress: { address: 'a@example.org' } }] } } },
    { own: 'batch', path: '/$batch', method: 'POST', url: '/$batch',
      body: { requests: [{ id: '1', method: 'GET', url: '/groups' }, { id: '2', method: 'GET', url: '/users/x' }] } },
    { own: 'refusal', path: '/users', url: '/users?$top=1000', status: 400 },
    { own: 'refusal', path: '/users', url: '/users', status: 401, headers: { Authorization: 'Bearer a.b.c' } },
    { own: 'refusal', path: '/users/{user-id}', url: '/users/nobody@example.org', status: 404 },
    { own: 'refusal', path: '/users/{user-id}/presence/clearPresence', method: 'POST', status: 404,
      url: `${presence}/clearPresence`, body: session },
    { own: 'refusal', path: '/communications/getPresencesByUserId', method: 'POST', status: 400,
      url: '/communications/getPresencesByUserId', body: { ids: new Array(651).fill(licensed[0].id) } },
    { own: 'refusal', path: '/$batch', method: 'POST', url: '/$batch', status: 400, body: { requests: [] } },
  ];
}

export async function run(checks, tenant) {
  const own = await readOwn();
  const token = await getToken(tenant);
  let vendor;

  if (existsSync(vendorFile))
    vendor = await checks.check("Microsoft's OpenAPI can be read", readVendor);
  else
    console.log("        Microsoft's OpenAPI is not at hand: our own contract only");

  async function call(method, url, body, headers = {}) {
    const response = await fetch(`${tenant.graph_url}/v1.0${url}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();

    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  await checks.check('token', async () => own('token', (await askForToken(tenant)).body));
  for (const changes of [{ client_secret: 'x' }, { client_id: 'x' }, { tenant: 'x.example' }, { scope: 'x' },
    { grant_type: 'password' }, { grant_type: '' }, { tenant: 'common' }])
    await checks.check(`token refused: ${JSON.stringify(changes)}`,
      async () => own('token refusal', (await askForToken(tenant, changes)).body));

  await checks.check('the contracts refuse what is wrong', async () => {
    const { body: { value: [{ id }] } } = await call('GET', '/users?$top=1&$select=id');
    const { body } = await call('POST', '/communications/getPresencesByUserId', { ids: [id] });
    const without = structuredClone(body);
    const wrong = structuredClone(body);

    delete without.value[0].sequenceNumber;
    wrong.value[0].availability = 5;
    own('presences', body);
    assert.throws(() => own('presences', without));
    assert.throws(() => own('presences', wrong));
    if (vendor)
      assert.throws(() => vendor('POST', '/communications/getPresencesByUserId', 200, wrong));
  });
  for (const one of await cases(call, tenant)) {
    const method = one.method ?? 'GET';
    const name = `${method} ${one.path} ${one.status ?? 200}`;
    const answer = await checks.check(name, async () => {
      const reply = await call(method, one.url, one.body, one.headers);

      assert.equal(reply.status, one.status ?? 200, JSON.stringify(reply.body));
      if (one.own)
        own(one.own, reply.body);
      else if (method === 'POST')
        assert.equal(reply.body, undefined);
      return reply;
    });
    if (vendor && answer)
      await checks.check(`${name} (Microsoft's OpenAPI)`, async () => vendor(method, one.path, answer.status, answer.body));
  }
}
