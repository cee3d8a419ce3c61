// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signing in on Microsoft's pages and making a registration, from the first page to its removal: each reply against our
// own contract, and against Microsoft's OpenAPI where that is at hand (PS_CONTRACTS).

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readOwn, readVendor, vendorFile } from './microsoft-contract-suite.mjs';
import { askForToken } from './microsoft-tools.mjs';

export const options = ['--users', '40', '--no-daily-life', '--replication', '0'];

const native = 'https://login.microsoftonline.com/common/oauth2/nativeclient';
const graphAppId = '00000003-0000-0000-c000-000000000000';
const roles = ['df021288-bdef-4463-88db-98f22de89214', '83cded22-8297-4ff6-a7fa-e97e9545a259'];
const scope = 'openid profile User.Read Directory.Read.All Application.ReadWrite.All AppRoleAssignment.ReadWrite.All';

// As much of a browser as the pages need: cookies, redirects, forms.
class Browser {
  #cookies = new Map();
  html = '';
  left = undefined; // the query with which it was sent to another origin

  async #load(url, request) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...request, redirect: 'manual', headers: cookie ? { cookie } : {} });

    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      this.#cookies.set(name, value);
    }
    this.address = url;
    this.html = await response.text();
    this.left = undefined;
    if (response.status === 302) {
      const target = response.headers.get('location');
      assert.ok(target.startsWith(native), target);
      this.left = Object.fromEntries(new URL(target).searchParams);
    }
  }

  open(url, query) {
    return this.#load(`${url}?${new URLSearchParams(query)}`);
  }

  submit(fields) {
    const form = new URLSearchParams(fields);
    const action = this.html.match(/<form method="post" action="([^"]+)">/)[1];

    for (const [, name, value] of this.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g))
      form.set(name, value);
    return this.#load(new URL(action, this.address).href, { method: 'POST', body: form });
  }
}

async function signIn(own, tenant) {
  const browser = new Browser();
  const verifier = randomBytes(32).toString('base64url');
  const ask = (more) => browser.open(`${tenant.login_url}/organizations/oauth2/v2.0/authorize`, {
    client_id: tenant.public_client_id, response_type: 'code', redirect_uri: native, scope, state: 'a b&c',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', ...more,
  });

  await ask({ response_type: 'token' });
  own('sign-in refusal', browser.left);
  await ask({ prompt: 'none' });
  own('sign-in refusal', browser.left);
  await ask({});
  await browser.submit({ login: tenant.admin_upn, passwd: tenant.admin_password });
  await browser.submit({ action: 'cancel' });
  own('sign-in refusal', browser.left);
  await ask({});
  await browser.submit({ action: 'accept', org: '1' });
  own('sign-in success', browser.left);
  assert.equal(browser.left.state, 'a b&c');
  const reply = await fetch(`${tenant.login_url}/organizations/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: tenant.public_client_id, grant_type: 'authorization_code',
      code: browser.left.code, redirect_uri: native, code_verifier: verifier }),
  });
  const tokens = await reply.json();
  own('user tokens', tokens);
  return { browser, token: tokens.access_token };
}

async function consent(own, tenant, browser, appId) {
  const query = { client_id: appId, redirect_uri: native, state: 's' };

  for (const [path, more] of [['', {}], ['/v2.0', { scope: 'https://graph.microsoft.com/.default' }]]) {
    await browser.open(`${tenant.login_url}/${tenant.tenant_id}${path}/adminconsent`, { ...query, ...more });
    await browser.submit({ action: 'cancel' });
    own('admin consent refusal', browser.left);
    await browser.open(`${tenant.login_url}/${tenant.tenant_id}${path}/adminconsent`, { ...query, ...more });
    await browser.submit({ action: 'accept' });
    own('admin consent success', browser.left);
  }
}

export async function run(checks, tenant) {
  const own = await readOwn();
  const vendor = existsSync(vendorFile) ? await readVendor() : undefined;
  const signed = await checks.check('sign-in pages', () => signIn(own, tenant));

  // One call, looked at. @name: in our contract (none: a reply without a body); @path: Microsoft's name for it.
  const call = (name, method, path, url, status, body, headers = {}) => checks.check(`${method} ${url}`, async () => {
    const reply = await fetch(`${tenant.graph_url}/v1.0${url}`, {
      method,
      headers: { Authorization: `Bearer ${signed.token}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await reply.text();
    const value = text === '' ? undefined : JSON.parse(text);

    assert.equal(reply.status, status, text);
    if (name)
      own(name, value);
    else
      assert.equal(text, '');
    if (vendor && status !== 204) // the document has a body for each success
      vendor(method, path, status, value);
    return value;
  });
  const eventual = { ConsistencyLevel: 'eventual' };

  await call('directory roles', 'GET', '/me/memberOf/microsoft.graph.directoryRole',
    '/me/memberOf/microsoft.graph.directoryRole?$count=true', 200, undefined, eventual);
  await call('page', 'GET', '/me/memberOf', '/me/memberOf', 200);
  const app = await call('application', 'POST', '/applications', '/applications', 201, {
    displayName: 'Presence Sync', signInAudience: 'AzureADMyOrg', tags: ['presence-sync'],
    requiredResourceAccess: [{ resourceAppId: graphAppId, resourceAccess: roles.map((id) => ({ id, type: 'Role' })) }],
    publicClient: { redirectUris: [native, 'http://localhost'] },
  });
  const one = `/applications/${app.id}`;

  await call('refusal', 'POST', '/applications', '/applications', 400, { displayName: 'x', appId: app.appId });
  await call('applications', 'GET', '/applications', "/applications?$filter=tags/any(t:t eq 'presence-sync')", 200);
  await call(undefined, 'PATCH', '/applications/{application-id}', one, 204, { notes: 'made by a check' });
  const principal = await call('service principal', 'POST', '/servicePrincipals', '/servicePrincipals', 201,
    { appId: app.appId });
  await call('refusal', 'POST', '/servicePrincipals', '/servicePrincipals', 409, { appId: app.appId });
  const { value: [graph] } = await call('service principals', 'GET', '/servicePrincipals',
    `/servicePrincipals?$filter=appId eq '${graphAppId}'`, 200);
  const secret = await call('new secret', 'POST', '/applications/{application-id}/addPassword', `${one}/addPassword`, 200,
    { passwordCredential: { displayName: 'Presence Sync on this machine' } });
  const assignments = `/servicePrincipals/${principal.id}/appRoleAssignments`;
  const assignmentsPath = '/servicePrincipals/{servicePrincipal-id}/appRoleAssignments';

  await call('role assignment', 'POST', assignmentsPath, assignments, 201,
    { principalId: principal.id, resourceId: graph.id, appRoleId: roles[0] });
  await checks.check('admin consent pages', () => consent(own, tenant, signed.browser, app.appId));
  await call('role assignments', 'GET', assignmentsPath, assignments, 200);
  const client = await call('service principal', 'GET', '/servicePrincipals/{servicePrincipal-id}',
    `/servicePrincipals(appId='${tenant.public_client_id}')`, 200);
  const grants = await call('permission grants', 'GET', '/servicePrincipals/{servicePrincipal-id}/oauth2PermissionGrants',
    `/servicePrincipals/${client.id}/oauth2PermissionGrants`, 200);
  await checks.check('the box was for everybody', async () => assert.equal(grants.value[0].consentType, 'AllPrincipals'));
  await checks.check('the new registration signs in', async () => {
    const { body } = await askForToken(tenant, { client_id: app.appId, client_secret: secret.secretText });
    own('token', body);
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url'));
    assert.deepEqual(claims.roles.sort(), ['Presence.ReadWrite.All', 'User.Read.All']);
  });
  await call('application', 'GET', '/applications/{application-id}', one, 200);
  await call(undefined, 'POST', '/applications/{application-id}/removePassword', `${one}/removePassword`, 204,
    { keyId: secret.keyId });
  await call(undefined, 'DELETE', '/applications/{application-id}', one, 204);
  await call('refusal', 'GET', '/applications/{application-id}', one, 404);
}
