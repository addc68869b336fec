// What all parts of the page share: keys, requests, words for people, and elements.

const KEYS = { owner: 'stowage.key', admin: 'stowage.admin-key' };
const ROOT = new URL('../v1/', import.meta.url);
const UPLOADS = 'stowage.uploads';
/** How long nothing may be sent, and how long an answer may take, in milliseconds. */
const SILENCE = 60e3;
export const ANSWER = 300e3;

export const keys = {
  get: (kind) => sessionStorage.getItem(KEYS[kind]),
  set: (kind, key) => sessionStorage.setItem(KEYS[kind], key),
  drop: (kind) => sessionStorage.removeItem(KEYS[kind]),
  /** Forgets the keys, and which uploads could continue. */
  forget() {
    sessionStorage.clear();
    localStorage.removeItem(UPLOADS);
  },
};

/** What is known of unfinished uploads; it holds no key. */
export const records = {
  all: () => Object.values(JSON.parse(localStorage.getItem(UPLOADS) || '{}')),
  put: (record) => records.change((all) => { all[record.location] = record; }),
  drop: (location) => records.change((all) => { delete all[location]; }),
  change(change) {
    const all = JSON.parse(localStorage.getItem(UPLOADS) || '{}');
    change(all);
    localStorage.setItem(UPLOADS, JSON.stringify(all));
  },
};

/** An answer that is no success, in the server's words; status 0 is no answer. */
export class Refusal extends Error {
  constructor(status, message, { code, requestId, header = () => null } = {}) {
    super(message);
    Object.assign(this, { status, code, requestId, header });
  }

  static of(status, text, header) {
    let body = {};
    try { body = JSON.parse(text); } catch { /* a proxy's own page */ }
    return new Refusal(status, body.detail || `The server answered ${status}.`,
      { code: body.code, requestId: body.request_id || header('x-request-id'), header });
  }

  /** Whether the same request may succeed later. */
  get isPassing() {
    return this.status === 0 || [408, 502, 503, 504].includes(this.status) || (this.header('Retry-After')
      && this.header('x-should-retry') !== 'false');
  }

  toString() {
    return this.message + (this.requestId ? ` (request ${this.requestId})` : '');
  }
}

const unreachable = () => new Refusal(0, 'The server cannot be reached.');

export const address = (path) => new URL(path, ROOT).href;

/** Fetches with a key; throws a Refusal unless the answer is a success. */
export async function request(path, { kind = 'owner', key = keys.get(kind), headers = {}, json, ...options } = {}) {
  if (!/^[\x21-\x7e]+$/.test(key || '')) {
    throw new Refusal(401, 'A key consists of letters, digits and signs, without spaces.');
  }
  const all = { Authorization: `Bearer ${key}`, ...headers };
  if (json) {
    Object.assign(options, { method: 'POST', body: JSON.stringify(json) });
    all['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(address(path), { ...options, headers: all, credentials: 'omit', cache: 'no-store' });
  } catch (ex) {
    throw ex.name === 'AbortError' ? ex : unreachable();
  }
  if (!response.ok) {
    throw Refusal.of(response.status, await response.text(), (name) => response.headers.get(name));
  }
  return response;
}

export const ask = async (path, options) => (await request(path, options)).json();

/** Sends a body and reports its progress, which fetch cannot. A connection that goes silent counts as lost. */
export function send(method, path, body, headers, { signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let timer;
    const expect = (time) => {
      clearTimeout(timer);
      timer = setTimeout(() => { reject(unreachable()); xhr.abort(); }, time);
    };
    xhr.open(method, address(path));
    Object.entries({ Authorization: `Bearer ${keys.get('owner')}`, ...headers })
      .forEach(([name, value]) => xhr.setRequestHeader(name, value));
    xhr.upload.onprogress = (event) => { expect(SILENCE); onProgress(event.loaded, event.total); };
    xhr.upload.onload = () => expect(ANSWER);
    xhr.onload = () => (xhr.status < 300 ? resolve(JSON.parse(xhr.responseText || 'null'))
      : reject(Refusal.of(xhr.status, xhr.responseText, (name) => xhr.getResponseHeader(name))));
    xhr.onerror = () => reject(unreachable());
    xhr.onabort = () => reject(new DOMException('Stopped', 'AbortError'));
    xhr.onloadend = () => clearTimeout(timer);
    signal.addEventListener('abort', () => xhr.abort());
    expect(SILENCE);
    xhr.send(body);
  });
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const SPANS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

const NUMBERS = new Intl.NumberFormat('en');
const TIMES = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

export const number = (value) => NUMBERS.format(value);
export const exactSize = (bytes) => `${number(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
export const exactTime = (seconds) => TIMES.format(seconds * 1000);
export const plural = (count, what) => `${number(count)} ${what}${count === 1 ? '' : 's'}`;

export function size(bytes) {
  if (bytes < 1024) return exactSize(bytes);
  const unit = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** unit;
  return `${value < 10 ? value.toFixed(1) : number(Math.round(value))} ${UNITS[unit]}`;
}

/** A length of time in its largest unit. */
export function span(seconds) {
  const [unit, length] = SPANS.find(([, least]) => seconds >= least * 0.95) || SPANS[3];
  return plural(Math.max(1, Math.round(seconds / length)), unit);
}

export function when(seconds) {
  const left = seconds - Date.now() / 1000;
  if (left <= 0 && left > -60) return 'just now';
  return left > 0 ? `in ${span(left)}` : `${span(-left)} ago`;
}

export const $ = (id) => document.getElementById(id);
export const clone = (id) => $(id).content.firstElementChild.cloneNode(true);

/** An element with properties and children; text stays text. */
export function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const announce = (text) => { $('live').textContent = text; };

/** A message for a while, with one thing that can be done about it. Returns what closes it. */
export function toast(text, { error = false, life = error ? 15000 : 5000, action, onAction, onEnd } = {}) {
  const box = el('div', { className: error ? 'toast error' : 'toast' }, el('span', { dir: 'auto', textContent: text }));
  const end = (done) => {
    if (!box.isConnected) return;
    clearTimeout(timer);
    box.remove();
    (done ? onAction : onEnd)?.();
  };
  if (action) box.append(el('button', { textContent: action, onclick: () => end(true) }));
  box.append(el('button', { className: 'icon', ariaLabel: 'Close', title: 'Close', onclick: () => end(false) }));
  box.lastChild.dataset.icon = 'close';
  const timer = setTimeout(() => end(false), life);
  $('toasts').append(box);
  announce(text);
  return () => end(false);
}

export const fail = (error) => toast(String(error), { error: true });

/** Copies, or shows the text where the browser does not let a page copy. */
export async function copy(text, said, title = 'Copy this') {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    show(title, '', text);
  }
}

/** Shows a text that can be copied; resolves when the dialog is closed. */
export function show(title, text, value) {
  $('shown-title').textContent = title;
  $('shown-text').textContent = text;
  $('shown-value').value = value;
  $('shown').showModal();
  $('shown-value').select();
  return new Promise((resolve) => {
    $('shown').onclose = () => { $('shown-value').value = ''; resolve(); };
  });
}

$('shown-copy').onclick = async () => {
  $('shown-value').select();
  try { await navigator.clipboard.writeText($('shown-value').value); } catch { document.execCommand('copy'); }
  $('shown-copy').textContent = 'Copied';
  setTimeout(() => { $('shown-copy').textContent = 'Copy'; }, 2000);
};

/** Asks; resolves to null, or to whether the box was ticked. */
export function confirm(title, text, yes, more = '') {
  $('question-title').textContent = title;
  $('question-text').textContent = text;
  $('question-yes').textContent = yes;
  $('question-more').hidden = !more;
  $('question-more').lastElementChild.textContent = more;
  $('question-box').checked = false;
  $('question').returnValue = '';
  $('question').showModal();
  return new Promise((resolve) => {
    $('question').onclose = () => resolve($('question').returnValue ? $('question-box').checked : null);
  });
}
