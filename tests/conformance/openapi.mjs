// SPDX-License-Identifier: GPL-3.0-or-later
//
// One exchange (request and reply, as RecordingProxy writes them down) against a contract: a vendor's OpenAPI document, or
// our own words in contracts/*.json.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import Ajv2020 from 'ajv/dist/2020.js';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

// The template that a path fits, the one with the fewest parameters first: /users/delta is no user.
export function findTemplate(templates, path) {
  const parts = path.split('/');
  const parameters = (template) => template.split('{').length;

  return templates
    .filter((template) => {
      const pieces = template.split('/');

      return pieces.length === parts.length &&
        pieces.every((piece, i) => (piece.startsWith('{') ? parts[i] !== '' : piece === parts[i]));
    })
    .sort((a, b) => parameters(a) - parameters(b))[0];
}

function escape(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

// Our own contract: in $defs, "request METHOD /path" describes a request as a whole (authorization, query, content, body),
// "reply METHOD /path" the reply to it; without the latter there is none.
export class OwnContract {
  #ajv = new Ajv2020.default({ allErrors: true, strictTypes: false });
  #name;
  operations;

  static async read(name) {
    return new OwnContract(name, JSON.parse(await readFile(`contracts/${name}.json`, 'utf8')));
  }

  constructor(name, document) {
    this.#name = name;
    this.#ajv.addSchema(document);
    this.operations = Object.keys(document.$defs).filter((key) => key.startsWith('request ')).map((key) => key.slice(8));
  }

  find(method, path) {
    const mine = this.operations.filter((operation) => operation.startsWith(`${method} `));
    const template = findTemplate(mine.map((operation) => operation.slice(method.length + 1)), path);

    return template && `${method} ${template}`;
  }

  #check(definition, value) {
    const validate = this.#ajv.getSchema(`${this.#name}#/$defs/${encodeURIComponent(escape(definition))}`);

    if (validate === undefined)
      return assert.equal(value, undefined, `a body, and there is no definition "${definition}"`);
    return assert.ok(validate(value), this.#ajv.errorsText(validate.errors));
  }

  request(operation, { authorization, consistency, content, query, body, link, socket }) {
    const asked = { authorization, consistency, content, query, body };

    if (link)
      return this.#check('followed link', asked);
    return this.#check(`request ${operation}`, socket ? { ...asked, authorization: 'Bearer', content: 'application/json' } : asked);
  }

  reply(operation, { status, reply }) {
    if (status < 400)
      return this.#check(`reply ${operation}`, reply);
    return this.#check(operation.endsWith('/token') && status < 429 ? 'token refusal' : 'refusal', reply);
  }
}

// Two slips of RingCentral's document: ids with `format: uri`, whose own examples are numbers; and the directory's error
// codes, which are written as "ErrorCode{code='ADG-121', httpStatus=400, …}" instead of "ADG-121".
export function mendRingCentral(node) {
  for (const [name, value] of Object.entries(node ?? {})) {
    if (typeof value !== 'object' || value === null)
      continue;
    if (name === 'id' && value.format === 'uri')
      delete value.format;
    if (name === 'errorCode' && Array.isArray(value.enum))
      value.enum = value.enum.map((text) => /code='([^']+)'/.exec(text)?.[1] ?? text);
    mendRingCentral(value);
  }
}

export class VendorContract {
  #ajv = new Ajv.default({ allErrors: true, strict: false, validateSchema: false });
  #document;
  #prefix;
  #compiled = new Map();

  // prefix: what stands before the document's paths, "/v1.0" of Graph.
  static async read(file, prefix = '', mend = () => {}) {
    const document = JSON.parse(await readFile(file, 'utf8'));

    mend(document.components.schemas);
    return new VendorContract(document, prefix);
  }

  constructor(document, prefix) {
    addFormats.default(this.#ajv);
    this.#ajv.addFormat('base64url', true);
    this.#ajv.addSchema(document, 'vendor');
    this.#document = document;
    this.#prefix = prefix;
  }

  #at(pointer) {
    return pointer.split('/').slice(1)
      .reduce((node, part) => node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], this.#document);
  }

  // Where `pointer` leads, in the end.
  #resolve(pointer) {
    const { $ref } = this.#at(pointer) ?? {};

    return $ref ? this.#resolve($ref.slice(1)) : pointer;
  }

  #valid(pointer, value, what) {
    if (!this.#compiled.has(pointer))
      this.#compiled.set(pointer, this.#ajv.compile({ $ref: `vendor#${encodeURI(pointer)}` }));
    const validate = this.#compiled.get(pointer);
    assert.ok(validate(value), `${what}: ${this.#ajv.errorsText(validate.errors)}`);
  }

  // The schema and all that it is put together from.
  #branches(schema) {
    const node = schema.$ref ? this.#at(schema.$ref.slice(1)) : schema;
    const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((word) => node[word] ?? []);

    return [node, ...parts.flatMap((part) => this.#branches(part))];
  }

  // Names in `value` that no schema knows. Graph's schemas are open, so that validation alone lets a slip pass.
  #strangers(schema, value, where) {
    const branches = this.#branches(schema);

    if (Array.isArray(value)) {
      const items = branches.map((branch) => branch.items).filter(Boolean);
      return items.length === 0 ? [] : value.flatMap((item) => this.#strangers({ anyOf: items }, item, `${where}[]`));
    }
    if (typeof value !== 'object' || value === null || branches.every((branch) => branch.properties === undefined))
      return [];
    return Object.entries(value).flatMap(([name, member]) => {
      const known = branches.map((branch) => branch.properties?.[name]).filter(Boolean);

      if (known.length > 0)
        return this.#strangers({ anyOf: known }, member, `${where}/${name}`);
      return name.startsWith('@odata.') ? [] : [`${where}/${name}`];
    });
  }

  #operation(method, path) {
    const known = path.startsWith(this.#prefix) ? path.slice(this.#prefix.length) : undefined;
    const template = known && findTemplate(Object.keys(this.#document.paths), known);
    const pointer = template && `/paths/${escape(template)}/${method.toLowerCase()}`;

    assert.ok(pointer && this.#at(pointer), `the vendor knows no ${method} ${path}`);
    return pointer;
  }

  #checkQuery(pointer, query) {
    const described = (this.#at(pointer).parameters ?? []).map((_, i) => this.#resolve(`${pointer}/parameters/${i}`));

    for (const [name, text] of Object.entries(query)) {
      const at = described.find((one) => this.#at(one).name === name && this.#at(one).in === 'query');

      assert.ok(at, `the parameter ${name} is unknown`);
      const { type } = this.#at(this.#resolve(`${at}/schema`));
      const value = type === 'array' ? text.split(',') : type === 'boolean' ? JSON.parse(text)
        : type === 'integer' || type === 'number' ? Number(text) : text;
      this.#valid(`${at}/schema`, value, `parameter ${name}`);
    }
  }

  // $select takes names of what is asked for.
  #checkSelect(pointer, { $select }) {
    const answers = this.#at(pointer).responses;
    const answer = this.#resolve(`${pointer}/responses/${answers[200] ? '200' : '2XX'}`);
    const { schema } = this.#at(answer).content['application/json'];
    const list = this.#branches(schema).map((branch) => branch.properties?.value?.items).find(Boolean);
    const names = this.#branches(list ?? schema).flatMap((branch) => Object.keys(branch.properties ?? {}));

    for (const name of $select.split(','))
      assert.ok(names.includes(name), `$select: there is no ${name}`);
  }

  #checkBody(pointer, content, body) {
    const described = this.#at(this.#resolve(`${pointer}/requestBody`));

    if (described === undefined) // "{}" is how an action without parameters is called
      return assert.ok(body === undefined || Object.keys(body).length === 0, 'a body where none is described');
    if (body === undefined)
      return assert.ok(!described.required, 'the body is missing');
    const schema = `${this.#resolve(`${pointer}/requestBody`)}/content/${escape(content ?? '')}/schema`;
    assert.ok(this.#at(schema), `a body of the type ${content}`);
    this.#valid(schema, body, 'body');
    const strangers = this.#strangers(this.#at(schema), body, '');
    return assert.deepEqual(strangers, [], `names that the vendor does not know: ${strangers}`);
  }

  request({ method, path, query, content, body, link, socket }) {
    const pointer = this.#operation(method, path);

    if (!link)
      this.#checkQuery(pointer, query);
    if (!link && query.$select)
      this.#checkSelect(pointer, query);
    this.#checkBody(pointer, socket ? 'application/json' : content, body);
  }

  reply({ method, path, status, reply }) {
    const pointer = this.#operation(method, path);
    const answers = this.#at(pointer).responses;
    const key = [`${status}`, status < 300 ? '2XX' : '', 'default'].find((word) => answers[word]);

    if (key === undefined) { // RingCentral's errors that the operation does not list have the general shape
      assert.ok(status >= 400, `the reply ${status} is not described`);
      return this.#valid('/components/schemas/ApiErrorResponseModel', reply, 'reply');
    }
    const answer = this.#resolve(`${pointer}/responses/${key}`);
    if (this.#at(answer).content === undefined)
      return status >= 400 ? undefined : assert.equal(reply, undefined, 'a reply where none is described');
    return this.#valid(`${answer}/content/application~1json/schema`, reply, 'reply');
  }
}
