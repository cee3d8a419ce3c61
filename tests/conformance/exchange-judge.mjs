// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds what RecordingProxy wrote down to the contracts of both services.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mendRingCentral, OwnContract, VendorContract } from './openapi.mjs';

// A refusal in plain sailing means that we asked for what cannot be had. These may come: what we cleared had expired, or an
// account without the feature.
const mayFail = {
  'POST /v1.0/users/{user}/presence/clearPresence': [404],
  'GET /restapi/v1.0/account/{account}/extension/{extension}/features': [404],
};

function hold(contract, vendor, operation, exchange) {
  contract.request(operation, exchange);
  contract.reply(operation, exchange);
  vendor?.request(exchange);
  vendor?.reply(exchange);
  assert.ok(exchange.status < 400 || (mayFail[operation] ?? []).includes(exchange.status),
    `refused: ${exchange.status} ${JSON.stringify(exchange.reply)}`);
}

// Throws if the exchange breaks our contract, or the vendor's (may be undefined).
export function judge(contract, vendor, operation, exchange) {
  try {
    hold(contract, vendor, operation, exchange);
  } catch (error) {
    error.message += `\nin ${JSON.stringify({ ...exchange, reply: JSON.stringify(exchange.reply)?.slice(0, 300) })}`;
    throw error;
  }
}

// Returns {seen: Map (operation → {own, vendor, exchanges}), with all operations of our contracts; unknown: […]}.
export function sortExchanges(exchanges, contracts) {
  const seen = new Map(contracts.flatMap(({ own, vendor }) => own.operations.map((operation) =>
    [operation, { own, vendor: operation.includes('/oauth2/') ? undefined : vendor, exchanges: [] }])));
  const unknown = [];

  for (const exchange of exchanges) {
    const operation = contracts.map(({ own }) => own.find(exchange.method, exchange.path)).find(Boolean);

    if (operation === undefined || exchange.broken)
      unknown.push(exchange);
    else
      seen.get(operation).exchanges.push(exchange);
  }
  return { seen, unknown };
}

export async function readContracts() {
  const graph = `${process.env.PS_CONTRACTS}/microsoft-graph.openapi.json`;
  const phone = `${process.env.PS_CONTRACTS}/ringcentral.openapi.json`;

  if (!existsSync(graph) || !existsSync(phone))
    console.log("        The vendors' OpenAPI is not at hand: our own contracts only");
  return [
    { own: await OwnContract.read('microsoft'), vendor: existsSync(graph) ? await VendorContract.read(graph, '/v1.0') : undefined },
    { own: await OwnContract.read('ringcentral'),
      vendor: existsSync(phone) ? await VendorContract.read(phone, '', mendRingCentral) : undefined },
  ];
}
