// Asks the operator's API. The token lives in the closure of one Api, nowhere else: not in storage,
// not in a cookie, and gone with the page.
const root = '/admin/api/v1';
const patience = 15000;

// Why something was not done. `code` is the API's, or `unreachable`, or `odd_answer`.
export class Refused extends Error {
  constructor(status, { code, text = '', field }, retryAfter) {
    super(text || code);
    Object.assign(this, { status, code, text, field, retryAfter });
  }
}

// What could be a token at all: a header takes nothing else.
export const isTokenLike = (text) => /^[\x21-\x7e]{1,256}$/.test(text);

// Half a character would be refused as a header before it is sent.
const wellFormed = (text) => text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g,
  (found) => (found.length === 2 ? found : '\ufffd'));

// "/users" and { state: 'banned', before: undefined } -> "/users?state=banned"
function withQuery(path, query = {}) {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return said.length ? `${path}?${new URLSearchParams(said)}` : path;
}

async function problemIn(answer) {
  const retryAfter = Number(answer.headers.get('Retry-After')) || undefined;
  let told = null;
  try {
    told = await answer.json();
  } catch {
    // A proxy's page, or nothing.
  }
  return new Refused(answer.status,
    typeof told?.code === 'string' ? told : { code: 'odd_answer' }, retryAfter);
}

export class Api {
  #token;
  #fetch;

  // `onLost`: the token is no longer good.
  constructor(token, { fetch = (...all) => globalThis.fetch(...all), onLost = () => {} } = {}) {
    this.#token = token;
    this.#fetch = fetch;
    this.onLost = onLost;
  }

  // What the server answers; throws Refused. `why` goes into the audit. `keepalive`: also when the
  // page is being closed.
  async ask(method, path, { query, body, why, signal, keepalive = false } = {}) {
    const headers = { Authorization: `Bearer ${this.#token}` };
    if (why !== undefined) headers['X-Reason'] = encodeURIComponent(wellFormed(why));
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const answer = await this.#send(root + withQuery(path, query), { method, headers, keepalive,
      body: body === undefined ? undefined : JSON.stringify(body) }, signal);
    if (answer.status === 401) this.onLost();
    if (!answer.ok) throw await problemIn(answer);
    return answer.json().catch(() => {
      throw new Refused(answer.status, { code: 'odd_answer' });
    });
  }

  get(path, options) {
    return this.ask('GET', path, options);
  }

  // The figures of /metrics, as they are written; they need no token.
  async figures(signal) {
    const answer = await this.#send('/metrics', {}, signal);
    if (!answer.ok) throw await problemIn(answer);
    return answer.text();
  }

  async #send(path, options, signal) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), patience);
    const stop = () => late.abort();
    signal?.addEventListener('abort', stop);
    try {
      return await this.#fetch(path, { credentials: 'omit', cache: 'no-store', redirect: 'error',
        referrerPolicy: 'no-referrer', signal: late.signal, ...options });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Refused(0, { code: 'unreachable' });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }
}
