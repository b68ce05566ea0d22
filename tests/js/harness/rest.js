// REST calls, answered with status, headers and body.
export class Rest {
  constructor(server, token) {
    this.server = server;
    this.token = token;
  }

  async request(method, path, { body, headers = {} } = {}) {
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(this.server.url + path, { method, body, headers: { ...authorization, ...headers } });
    const bytes = Buffer.from(await response.arrayBuffer());
    const json = /^application\/json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      body: json && bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : bytes.toString('utf8'),
    };
  }

  get(path, options) {
    return this.request('GET', path, options);
  }

  put(path, value) {
    const sent = value === undefined ? {} : { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
    return this.request('PUT', path, sent);
  }

  delete(path) {
    return this.request('DELETE', path);
  }

  /** Uploads bytes as the field `file`. */
  upload(bytes, { name = 'file.txt', type = 'text/plain', field = 'file' } = {}) {
    const form = new FormData();
    form.append(field, new Blob([bytes], { type }), name);
    return this.request('POST', '/api/upload', { body: form });
  }
}
