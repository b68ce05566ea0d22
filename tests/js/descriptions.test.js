// The descriptions generated for tools: AsyncAPI is checked by the official parser, OpenAPI by Redocly's linter, both against the names in the YAML.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { BINARY } from './harness/server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const linter = fileURLToPath(new URL('node_modules/@redocly/cli/bin/cli.js', import.meta.url));

// A newer version of AsyncAPI is not a mistake: 3.0 is what is asked for, and what most tools read. All other rules hold.
const ruleset = { rules: { 'asyncapi-latest-version': 'off' } };

/** Features of operations that chat does not use: no envelope, no answer, scalars in the query, rules, deprecation. */
const REST = `
types:
  Failure:
    summary: Why something failed.
    type: object
    required: [message, code]
    properties: { message: { type: string, summary: What happened. }, code: { type: string, summary: 'What happened, for programs.' } }
http:
  error_body: Failure
  operations:
    list_strokes:
      summary: The lines on a board.
      description: In the order in which they were drawn.
      get: /boards/{boardId}/strokes
      scope: board
      limit: drawing
      path: { boardId: { $ref: BoardId } }
      query:
        properties:
          tool: { $ref: Tool }
          dashed: { type: boolean, summary: Only those that are dashed. }
          above: { type: number, exclusiveMinimum: 0.5, summary: Only those above. }
          after: { type: integer, minimum: 1, summary: Only those after. }
      response: { 200: { type: array, items: { $ref: Stroke } } }
      failure: Failed to load strokes
    draw_line:
      summary: Draw a line on a board.
      put: /boards/{boardId}/strokes
      scope: board
      limit: drawing
      path: { boardId: { $ref: BoardId } }
      body:
        required: [tool, points]
        properties:
          tool: { $ref: Tool }
          dashed: { type: boolean, summary: Whether the line is dashed. }
          points: { type: array, minItems: 2, maxItems: 1000, items: { $ref: Point } }
        rules:
          highlighter_is_solid:
            not: { required: [dashed], properties: { tool: { enum: [highlighter] }, dashed: { const: true } } }
            violation: { path: /dashed, message: must not be true for a highlighter }
      response: { 201: { $ref: Stroke } }
      errors: [board_full]
      failure: Failed to draw
      since: 0.1.0
      deprecated: { since: 0.2.0, use: draw_stroke, until: 1.0.0 }
    clear_board:
      summary: Erase all lines of a board.
      delete: /boards/{boardId}
      auth: admin
      path: { boardId: { $ref: BoardId } }
      response: { 204: null }
      failure: Failed to clear board
    get_picture:
      summary: A board as a picture.
      get: /boards/{boardId}
      auth: public
      path: { boardId: { $ref: BoardId } }
      response: { 200: { media: image/svg+xml } }
      failure: Failed to draw board
    put_background:
      summary: Lay a picture behind the lines.
      post: /backgrounds
      upload: { field: picture, media: [image/png, image/svg+xml] }
      response: { 204: null }
      failure: Failed to load background
`;

function run(command, args, options = {}) {
  return new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 1 << 26, ...options }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }));
  });
}

let directory;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'accord-descriptions-'));
});

after(() => rm(directory, { recursive: true, force: true }));

/** The YAML of a schema and its folder of generated documents. */
const SCHEMAS = {
  chat: async () => {
    const folder = join(root, 'schema');
    const files = (await readdir(folder, { recursive: true })).filter((file) => /^[^.]*\.yaml$/.test(file));
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    return { texts, generated: join(folder, 'generated') };
  },
  whiteboard: async () => generate('whiteboard', (yaml) => yaml),
  'whiteboard with REST': async () =>
    generate('rest', (yaml) => deprecating(yaml.replace(/^scopes:/m, 'include: [rest.yaml]\n\nscopes:')), { 'rest.yaml': REST }),
};

/** The whiteboard with an event, fields and an error that are going away. */
function deprecating(yaml) {
  const said = 'deprecated: { since: 0.2.0, use: draw_stroke, until: 9.0.0 }';
  const changed = yaml
    .replace('    summary: Erase a line, whoever drew it.\n', `$&    ${said}\n`)
    .replaceAll('summary: Whether the line is dashed. }', `summary: Whether the line is dashed., ${said} }`)
    .replace('message: Board is full,', `$& ${said},`);
  assert.equal(changed.split(said).length - 1, 4);
  return changed;
}

async function generate(name, change, others = {}) {
  const folder = await mkdtemp(join(directory, `${name}-`));
  const text = change(await readFile(join(root, 'tests/whiteboard/history/1.0.0/whiteboard.yaml'), 'utf8'));
  const files = { 'whiteboard.yaml': text, ...others };
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
  const made = await run(join(dirname(BINARY), 'accord'), ['gen', 'all', join(folder, 'whiteboard.yaml')]);
  assert.equal(made.code, 0, made.stderr);
  return { texts: Object.values(files), generated: join(folder, 'generated') };
}

/** The names that stand under a key of the YAML, which is indented by `indent` spaces. */
function declared(texts, key, indent = 0) {
  const names = [];
  for (const text of texts) {
    let inside = false;
    for (const line of text.split('\n')) {
      const [, spaces, name, rest] = /^( *)([a-z_]+):(.*)$/.exec(line) ?? [];
      if (name === undefined) continue;
      if (spaces.length <= indent) inside = spaces.length === indent && name === key && rest === '';
      else if (inside && spaces.length === indent + 2) names.push(name);
    }
  }
  return names.sort();
}

const sorted = (names) => [...names].sort();

for (const [name, schema] of Object.entries(SCHEMAS)) {
  describe(name, () => {
    let texts;
    let generated;
    let asyncapi;
    let openapi;

    before(async () => {
      ({ texts, generated } = await schema());
      [asyncapi, openapi] = await Promise.all(['asyncapi', 'openapi'].map(async (document) =>
        JSON.parse(await readFile(join(generated, `${document}.json`), 'utf8'))));
    });

    test('the parser of AsyncAPI reports nothing', async () => {
      const { document, diagnostics } = await new Parser({ ruleset }).parse(await readFile(join(generated, 'asyncapi.json'), 'utf8'));
      assert.deepEqual(diagnostics, []);
      assert.equal(document.version(), '3.0.0');
    });

    test("Redocly's linter reports nothing, with its recommended rules", async () => {
      const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
      const args = [linter, 'lint', '--extends=recommended', '--format=json', join(generated, 'openapi.json')];
      const { code, stdout, stderr } = await run(process.execPath, args, { env, cwd: directory });
      const { totals, problems } = JSON.parse(stdout);
      assert.deepEqual({ code, totals, problems }, { code: 0, totals: { errors: 0, warnings: 0, ignored: 0 }, problems: [] }, stderr);
    });

    test('the document has every event, from the perspective of the server', () => {
      const names = (action) => {
        const operations = Object.values(asyncapi.operations).filter((operation) => operation.action === action);
        return sorted(operations.map(({ messages: [{ $ref }] }) => at(asyncapi, at(asyncapi, $ref).$ref).name));
      };
      assert.deepEqual(names('receive'), declared(texts, 'client'));
      assert.deepEqual(names('send'), declared(texts, 'server'));
    });

    test('every client event is answered with its result, or with one of its errors', () => {
      for (const operation of Object.values(asyncapi.operations).filter(({ action }) => action === 'receive')) {
        const [done, failed] = operation.reply.messages.map(({ $ref }) => at(asyncapi, at(asyncapi, $ref).$ref));
        assert.deepEqual([done, failed].map(({ payload }) => payload.properties.ok.const), [true, false]);
        assert.deepEqual(failed.examples.map((example) => example.name), operation['x-accord-answers']);
      }
    });

    test('the document has every operation', () => {
      const operations = Object.values(openapi.paths).flatMap((path) => Object.values(path));
      assert.deepEqual(sorted(operations.map(({ operationId }) => operationId)), declared(texts, 'operations', 2));
    });

    test('the document has every error, at the operations that return it', () => {
      const errors = declared(texts, 'errors');
      assert.deepEqual(sorted(Object.keys(asyncapi['x-accord-errors'])), errors);
      const answered = [
        ...Object.values(asyncapi['x-accord-gateway']),
        asyncapi['x-accord-gateway'].unknownEvents.answer,
        ...asyncapi['x-accord-connect'].errors,
        ...Object.values(asyncapi.operations).flatMap((operation) => operation['x-accord-answers'] ?? []),
        ...Object.values(openapi.paths).flatMap((path) => Object.values(path)).flatMap(({ responses }) =>
          Object.values(responses).flatMap(({ content }) => Object.keys(content?.['application/json']?.examples ?? {}))),
      ];
      assert.deepEqual(errors.filter((error) => !answered.includes(error)), []);
    });

    test('every key of the profile is explained', () => {
      const used = new Set();
      JSON.stringify(asyncapi, (key, value) => {
        if (key.startsWith('x-accord-') && key !== 'x-accord-profile') used.add(key);
        return key === 'x-accord-profile' ? undefined : value;
      });
      const explained = Object.keys(asyncapi['x-accord-profile'].keys);
      assert.deepEqual([...used].filter((key) => !explained.includes(key)), []);
    });
  });
}

/** The value that a JSON Pointer in a document refers to. */
function at(document, reference) {
  assert.match(reference, /^#\//);
  return reference.slice(2).split('/').reduce((value, key) => value[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}
