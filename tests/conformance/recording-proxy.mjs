// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stands between our client and the demo tenant, plain http on one side and TLS on the other, and writes down what passes:
// requests with their replies, and the messages of the event socket.
//
// Both sides must believe that they talk to each other: so the tenant's own address becomes the proxy's in replies (or the
// client would refuse to follow a link to another place), and back again in requests.

import { createServer, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { once } from 'node:events';
import WebSocket, { WebSocketServer } from 'ws';

async function readAll(stream) {
  const chunks = [];

  for await (const chunk of stream)
    chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text, type) {
  if (text === '')
    return undefined;
  if (type === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function mediaType(headers) {
  return headers['content-type']?.split(';')[0].trim();
}

export class RecordingProxy {
  exchanges = []; // {method, url, path, query, authorization, content, body, status, reply, link, …}
  frames = []; // what the client said on the socket and nobody answered
  notifications = 0;
  #tenant;
  #server = createServer((request, response) => this.#pass(request, response));
  #sockets = new WebSocketServer({ noServer: true });
  #links = new Set();

  constructor(tenantUrl) {
    this.#tenant = new URL(tenantUrl).origin;
    this.#server.on('upgrade', (request, socket, head) =>
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#relay(client, request)));
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
  }

  async stop() {
    for (const client of this.#sockets.clients)
      client.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #toClient(text) {
    return text.replaceAll(this.#tenant, this.url)
      .replaceAll(this.#tenant.replace(/^http/, 'ws'), this.url.replace(/^http/, 'ws'));
  }

  #toTenant(text) {
    return text.replaceAll(this.url, this.#tenant)
      .replaceAll(encodeURIComponent(this.url), encodeURIComponent(this.#tenant));
  }

  async #pass(request, response) {
    try {
      const sent = await readAll(request);
      const { status, headers, text } = await this.#ask(request, this.#toTenant(sent));

      this.#record(request, sent, status, mediaType(headers), text);
      const body = Buffer.from(this.#toClient(text));
      delete headers['transfer-encoding'];
      response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': body.length }) });
      response.end(body);
    } catch (error) {
      this.exchanges.push({ method: request.method, path: request.url, broken: error });
      response.destroy();
    }
  }

  async #ask({ method, url, headers }, body) {
    const { host, connection, 'accept-encoding': encoding, 'content-length': length, ...rest } = headers;
    const ask = this.#tenant.startsWith('https') ? tlsRequest : plainRequest;
    const asked = ask(this.#tenant + url, { method,
      headers: { ...rest, ...(length === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) } });

    asked.end(body);
    const [answer] = await once(asked, 'response');
    return { status: answer.statusCode, headers: answer.headers, text: await readAll(answer) };
  }

  #record(request, sent, status, replyType, text) {
    const url = new URL(request.url, this.url);
    const reply = replyType === 'application/json' ? parse(text) : text === '' ? undefined : text;

    this.exchanges.push({
      method: request.method,
      path: decodeURIComponent(url.pathname),
      query: Object.fromEntries(url.searchParams),
      link: this.#links.has(url.href), // given by the service: what is in it is the service's business
      authorization: request.headers.authorization?.split(' ')[0],
      consistency: request.headers.consistencylevel,
      content: mediaType(request.headers),
      body: parse(sent, mediaType(request.headers)),
      status,
      reply,
    });
    for (const [, link] of this.#toClient(text).matchAll(/"(https?:\/\/[^"\\]+)"/g))
      this.#links.add(new URL(link).href);
  }

  // --- the event socket ---

  #relay(client, { url }) {
    const server = new WebSocket(this.#tenant.replace(/^http/, 'ws') + url);
    const early = [];

    client.on('message', (data) => {
      this.#said(String(data));
      if (server.readyState === WebSocket.OPEN)
        server.send(String(data));
      else
        early.push(String(data));
    });
    server.on('open', () => early.forEach((text) => server.send(text)));
    server.on('message', (data) => {
      this.#heard(String(data));
      client.send(this.#toClient(String(data)));
    });
    client.on('close', () => server.close());
    server.on('close', () => client.close());
    client.on('error', () => server.terminate());
    server.on('error', () => client.terminate());
  }

  #said(text) {
    const message = parse(text);

    this.frames.push(Array.isArray(message) ? message : [text]);
  }

  // An answer makes an exchange of it, as if it had come over HTTP.
  #heard(text) {
    const [head, reply] = parse(text);
    const index = this.frames.findIndex(([said]) => said.messageId === head.messageId && said.type === head.type);

    if (head.type === 'ServerNotification')
      this.notifications++;
    if (index < 0)
      return;
    const [[said, body]] = this.frames.splice(index, 1);
    if (said.type !== 'ClientRequest')
      return;
    const url = new URL(said.path, this.url);
    this.exchanges.push({ method: said.method, path: url.pathname.replace(/\/$/, ''), query: Object.fromEntries(url.searchParams),
      socket: true, body, status: head.status, reply });
  }
}
