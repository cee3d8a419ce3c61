// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Microsoft suites share.

// POST to the token endpoint. Returns { status, body }.
export async function askForToken(tenant, changes = {}) {
  const form = {
    grant_type: 'client_credentials',
    client_id: tenant.client_id,
    client_secret: tenant.client_secret,
    scope: 'https://graph.microsoft.com/.default',
    ...changes,
  };
  const response = await fetch(`${tenant.login_url}/${form.tenant ?? tenant.tenant_id}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });

  return { status: response.status, body: await response.json() };
}

export async function getToken(tenant) {
  const { status, body } = await askForToken(tenant);

  if (status !== 200)
    throw new Error(`no token: ${JSON.stringify(body)}`);
  return body.access_token;
}
