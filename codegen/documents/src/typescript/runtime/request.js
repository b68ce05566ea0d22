// Requests of operations: with `fetch`, or with `XMLHttpRequest` to report the progress of an upload.

/** A request that the server, or something in front of it, refused. */
export class RestError extends Error {
  name = 'RestError';

  constructor(response, text) {
    const body = failure(text);
    super(body?.message ?? `${response.status} ${response.statusText}`.trim());
    this.status = response.status;
    this.code = body?.code;
    this.details = body?.details ?? [];
    this.retryAfterMs = body?.retryAfterMs ?? retryAfterMs(response.headers);
    this.body = body;
  }
}

/** Makes the request that `operation` describes, with the fields of `input`; resolves to its answer. */
export async function call({ url, token, version, fetch = globalThis.fetch }, operation, input, { signal, onProgress } = {}, file = undefined) {
  const given = input ?? {};
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(given[name]));
  const address = new URL(String(url).replace(/\/+$/, '') + path, globalThis.location?.href);
  for (const name of operation.query ?? []) {
    if (isPresent(given[name])) address.searchParams.set(name, String(given[name]));
  }
  const headers = {};
  const shown = operation.public ? undefined : await (typeof token === 'function' ? token() : token);
  if (version !== undefined) headers['protocol-version'] = version;
  if (shown !== undefined) headers.authorization = `Bearer ${shown}`;
  let body;
  if (operation.upload !== undefined) {
    body = new FormData();
    if (file.name === undefined) body.append(operation.upload, file.file);
    else body.append(operation.upload, file.file, file.name);
  } else if (operation.body !== undefined) {
    headers['content-type'] = 'application/json';
    const fields = operation.body.filter((name) => given[name] !== undefined);
    body = JSON.stringify(Object.fromEntries(fields.map((name) => [name, given[name]])));
  }
  const ask = onProgress === undefined || globalThis.XMLHttpRequest === undefined ? fetch : fetchWith(onProgress);
  const response = await ask(address, { method: operation.method, headers, body, signal });
  if (!response.ok) throw new RestError(response, await response.text());
  if (operation.answer === 'response') return response;
  if (operation.answer === 'nothing') return void (await response.arrayBuffer());
  const answer = await response.json();
  if (operation.envelope === undefined) return answer;
  const data = answer[operation.envelope];
  // Fields next to the data become properties of it: a page is a list with a `nextCursor`.
  for (const name of operation.beside ?? []) if (answer[name] !== undefined) data[name] = answer[name];
  return data;
}

/** A `fetch` that reports how much of the body has been sent, unlike the browser's own. */
const fetchWith = (onProgress) => (address, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = 'blob';
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress({ loaded, total });
    request.onerror = () => reject(new TypeError('the server cannot be reached'));
    request.onabort = () => reject(signal.reason);
    request.onload = () => {
      const lines = request.getAllResponseHeaders().trim().split(/\r\n/);
      const { status, statusText } = request;
      resolve(new Response(request.response, { status, statusText, headers: lines.map((line) => line.split(/: ?(.*)/, 2)) }));
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });

const isPresent = (value) => value !== undefined && value !== null;

/** The body of a failure, if this is one. */
function failure(text) {
  try {
    const body = JSON.parse(text);
    return typeof body?.message === 'string' && typeof body.code === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}

function retryAfterMs(headers) {
  const seconds = headers.get('retry-after');
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
