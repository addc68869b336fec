// Uploads: three at a time; small files by one form, large ones so that they continue after a break.

import { $, ANSWER, Refusal, announce, clone, exactSize, fail, plural, records, request, send, size, span } from './api.js';

const AT_ONCE = 3;
const FORM_MOST = 16 * 2 ** 20;
const EDGE = 64 * 2 ** 10;
const LONGEST_PAUSE = 15000;
/** How long the server may keep an unfinished upload at most, by what an operator would set. */
const RECORD_LIFE = 14 * 86400e3;

const all = new Set();
let done = () => {};
let usePicked = add;

/** Each state: whether it takes one of the places, and which buttons it has. */
const STATES = {
  waiting: [false, 'pause', 'cancel'], sending: [true, 'pause', 'cancel'], paused: [false, 'resume', 'cancel'],
  failed: [false, 'retry', 'cancel'], missing: [false, 'choose', 'cancel'], done: [false],
};

class Upload {
  sent = 0;
  state = 'waiting';
  text = '';
  samples = [];
  row = clone('upload-row');

  constructor(about) {
    Object.assign(this, about);
    this.row.querySelector('.name').textContent = this.name;
    this.row.querySelector('progress').setAttribute('aria-label', `Progress of ${this.name}`);
    this.row.onclick = (event) => this[event.target.dataset.act]?.();
    all.add(this);
    $('upload-rows').append(this.row);
    this.draw();
  }

  enter(state, text = '') {
    this.state = state;
    this.text = text;
    this.samples = [];
    this.draw();
    pump();
  }

  draw() {
    const [, ...acts] = STATES[this.state];
    const hadFocus = this.row.contains(document.activeElement);
    for (const button of this.row.querySelectorAll('button')) {
      button.hidden = !acts.includes(button.dataset.act);
      button.ariaLabel = `${button.textContent} ${this.name}`;
    }
    if (hadFocus && document.activeElement.hidden) (this.row.querySelector('button:not([hidden])') || $('choose')).focus();
    this.row.dataset.state = this.state;
    this.row.querySelector('progress').value = this.size ? this.sent / this.size : 0;
    const text = this.row.querySelector('.state');
    text.textContent = this.words();
    text.title = `${exactSize(this.sent)} of ${exactSize(this.size)}`;
    drawTotal();
  }

  words() {
    const part = this.sent > 0 ? `${size(this.sent)} of ${size(this.size)}` : size(this.size);
    switch (this.state) {
      case 'waiting': return `Waiting · ${part}`;
      case 'sending': return [part, this.text || rate(speed([this]), this.size - this.sent)].filter(Boolean).join(' · ');
      case 'paused': return `Paused · ${part}`;
      case 'missing': return this.text || `Choose this file again to continue · ${part}`;
      case 'failed': return this.text;
      default: return `Done · ${size(this.size)}`;
    }
  }

  progress(sent) {
    const now = performance.now();
    this.sent = Math.min(sent, this.size);
    this.samples = [...this.samples.filter(([at]) => now - at < 5000), [now, this.sent]];
    this.text = '';
    if (now - (this.drawn || 0) > 100) {
      this.drawn = now;
      this.draw();
    }
  }

  async run() {
    this.enter('sending');
    const stop = new AbortController();
    this.stop = stop;
    for (let attempt = 0; !stop.signal.aborted; attempt++) {
      try {
        const file = await (this.size <= FORM_MOST ? this.sendForm() : this.sendRest());
        this.sent = this.size;
        if (this.location) records.drop(this.location);
        this.enter('done');
        announce(`${this.name} is uploaded`);
        done(file);
        return;
      } catch (ex) {
        if (stop.signal.aborted) return;
        if (!(ex instanceof Refusal) || !ex.isPassing || !await isReadable(this.file)) {
          this.enter('failed', ex.isPassing || !(ex instanceof Refusal) ? 'The file cannot be read. Was it moved or changed?' : String(ex));
          announce(`${this.name}: ${this.text}`);
          return;
        }
        attempt = this.moved ? 0 : attempt;
        this.moved = false;
        const seconds = Number(ex.header('Retry-After')) || Math.min(2 ** attempt, LONGEST_PAUSE / 1000);
        this.text = `${ex} Trying again in ${span(seconds)}.`;
        this.samples = [];
        this.draw();
        await this.rest(seconds * 1000);
      }
    }
  }

  /** Waits, but not longer than until the network is there again. */
  rest(time) {
    return new Promise((resolve) => {
      const end = () => { clearTimeout(timer); window.removeEventListener('online', end); resolve(); };
      const timer = setTimeout(end, time);
      window.addEventListener('online', end);
      this.stop.signal.addEventListener('abort', end);
    });
  }

  sendForm() {
    const form = new FormData();
    form.append('purpose', this.purpose);
    if (this.expiry) {
      form.append('expires_after[anchor]', 'created_at');
      form.append('expires_after[seconds]', this.expiry);
    }
    form.append('file', this.file, this.name);
    this.progress(0);
    return send('POST', 'files', form, { 'Idempotency-Key': this.once },
      { signal: this.stop.signal, onProgress: (loaded, total) => this.progress((loaded / total) * this.size) });
  }

  /** Ends with the upload, or if the server does not answer. */
  get patience() { return AbortSignal.any([this.stop?.signal, AbortSignal.timeout(ANSWER)].filter(Boolean)); }

  /** Asks where the upload is, if it has begun, and sends what is missing. */
  async sendRest() {
    const head = this.location && await this.where();
    if (head?.file) return head.file;
    const offset = head ? head.offset : await this.begin();
    this.progress(offset);
    try {
      return await send('PATCH', this.location, this.file.slice(offset), {
        'Content-Type': 'application/partial-upload', 'Upload-Offset': offset, 'Upload-Complete': '?1',
      }, {
        signal: this.stop.signal,
        onProgress: (loaded) => { this.moved = true; this.progress(offset + loaded); },
      });
    } catch (ex) {
      // the server's offset counts, or the upload is over: the next attempt asks
      if (ex.code === 'mismatching_upload_offset') ex.status = 0;
      throw ex;
    }
  }

  async begin() {
    const query = new URLSearchParams({ purpose: this.purpose });
    if (this.expiry) query.set('expires_after[seconds]', this.expiry);
    const name = encodeURIComponent(this.name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    const answer = await request(`files?${query}`, {
      method: 'POST', signal: this.patience, headers: {
        'Upload-Complete': '?0', 'Upload-Length': String(this.size), 'Idempotency-Key': this.once,
        'Content-Type': this.file.type || 'application/octet-stream',
        'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
      },
    });
    this.location = answer.headers.get('Location').replace(/^.*\/v1\//, '');
    const { location, name: title, size: bytes, purpose, expiry, modified, mark } = this;
    records.put({ location, name: title, size: bytes, purpose, expiry, modified, mark, at: Date.now() });
    return 0;
  }

  /** The offset, or the file if all has arrived; null if the upload is gone and begins again. */
  async where() {
    try {
      const answer = await request(this.location, { method: 'HEAD', signal: this.patience });
      const id = answer.headers.get('Stowage-File-Id');
      return id ? { file: await (await request(`files/${id}`)).json() }
        : { offset: Number(answer.headers.get('Upload-Offset')) };
    } catch (ex) {
      if (![400, 404, 410].includes(ex.status)) throw ex;
      records.drop(this.location);
      Object.assign(this, { location: null, once: unique(), sent: 0 });
      return null;
    }
  }

  pause() { this.halt('paused'); }
  resume() { this.enter('waiting'); }
  retry() { this.enter('waiting'); }
  choose() { pick((files) => this.continueWith(files[0])); }

  halt(state) {
    this.state = state;
    this.stop?.abort();
    this.enter(state);
  }

  async continueWith(file) {
    const same = file.name === this.name && file.size === this.size && await fingerprint(file) === this.mark;
    if (!same) {
      this.enter('missing', `This is not the same file. Choose ${this.name} with ${exactSize(this.size)}.`);
      return;
    }
    this.file = file;
    this.enter('waiting');
  }

  cancel() {
    this.state = 'done';
    this.stop?.abort();
    this.remove();
    announce(`${this.name} is cancelled`);
    if (this.location) {
      records.drop(this.location);
      request(this.location, { method: 'DELETE' }).catch((ex) => ex.status === 404 || fail(ex));
    }
    pump();
  }

  remove() {
    if (this.row.contains(document.activeElement)) $('choose').focus();
    all.delete(this);
    this.row.remove();
    drawTotal();
  }
}

/** Starts what waits. To start one calls this again, so each is looked at in the moment of its turn. */
function pump() {
  for (const upload of all) {
    const busy = [...all].filter(({ state }) => STATES[state][0]).length;
    if (upload.state === 'waiting' && busy < AT_ONCE) upload.run();
  }
}

/** Bytes a second of the last seconds. */
function speed(uploads) {
  return uploads.reduce((sum, { samples }) => {
    const [first, last] = [samples[0], samples.at(-1)];
    return first && last[0] - first[0] > 300 ? sum + ((last[1] - first[1]) * 1000) / (last[0] - first[0]) : sum;
  }, 0);
}

const rate = (each, left) => (each > 0 ? `${size(Math.round(each))}/s · ${span(left / each)} left` : '');

function drawTotal() {
  const uploads = [...all];
  const sum = (field) => uploads.reduce((total, upload) => total + upload[field], 0);
  const finished = uploads.filter(({ state }) => state === 'done').length;
  const failed = uploads.filter(({ state }) => state === 'failed').length;
  $('upload-total').hidden = uploads.length === 0;
  $('clear-uploads').hidden = finished === 0;
  $('total-bar').value = sum('size') ? sum('sent') / sum('size') : 0;
  $('total-text').textContent = [`${finished} of ${plural(uploads.length, 'file')}`,
    `${size(sum('sent'))} of ${size(sum('size'))}`, failed ? `${failed} failed` : '',
    rate(speed(uploads), sum('size') - sum('sent'))].filter(Boolean).join(' · ');
}

/** The browser reports a changed file like a lost network. */
const isReadable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

/** Tells a file from another: a hash of its first and last bytes. Works on plain http, where there is no other. */
async function fingerprint(file) {
  const bytes = new Uint8Array(await new Blob([file.slice(0, EDGE), file.slice(-EDGE)]).arrayBuffer());
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 2654435761);
    b = Math.imul(b ^ byte, 1597334677);
    a ^= b >>> 15;
  }
  return `${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}`;
}

const unique = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');

export async function add(files) {
  const [purpose, expiry] = [$('upload-purpose').value, $('upload-expiry').value];
  for (const file of files) {
    const lost = [...all].find(({ state, name, size: bytes, modified }) => state === 'missing' && name === file.name
      && bytes === file.size && modified === file.lastModified);
    try {
      const mark = file.size > FORM_MOST ? await fingerprint(file) : '';
      if (lost?.mark === mark && mark) {
        lost.continueWith(file);
        continue;
      }
      new Upload({ file, name: file.name, size: file.size, modified: file.lastModified, mark, purpose, expiry, once: unique() });
    } catch {
      fail(`${file.name} cannot be read.`);
    }
  }
  pump();
}

/** The files of what was dropped, those in folders included. */
async function dropped(items) {
  const files = async (entry) => {
    if (entry.isFile) return [await new Promise((resolve, reject) => { entry.file(resolve, reject); })];
    const reader = entry.createReader();
    const found = [];
    for (let some = [null]; some.length > 0;) {
      some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
      for (const each of some) found.push(...await files(each));
    }
    return found;
  };
  const entries = [...items].filter(({ kind }) => kind === 'file').map((item) => item.webkitGetAsEntry() || item.getAsFile());
  return (await Promise.all(entries.map((entry) => (entry instanceof File ? [entry] : files(entry))))).flat();
}

function pick(use) {
  usePicked = use;
  $('picker').click();
}

/** Shows uploads that a closed or reloaded page has left, if they are this owner's and continue. */
export async function restore() {
  for (const record of records.all()) {
    if (Date.now() - record.at > RECORD_LIFE) records.drop(record.location);
    else if (![...all].some(({ location }) => location === record.location)) {
      request(record.location, { method: 'HEAD' }).then((answer) => {
        if (answer.headers.get('Stowage-File-Id')) records.drop(record.location);
        else new Upload({ ...record, once: unique(), state: 'missing', sent: Number(answer.headers.get('Upload-Offset')) });
      }).catch(() => {});
    }
  }
}

export function forget() {
  [...all].forEach((upload) => {
    upload.state = 'done';
    upload.stop?.abort();
    upload.remove();
  });
}

/** Starts to listen. What is finished goes to a function; what is dropped counts only where files are shown. */
export function start(onDone, isOpen) {
  done = onDone;
  $('choose').onclick = () => pick(add);
  $('picker').onchange = () => {
    if ($('picker').files.length > 0) usePicked([...$('picker').files]);
    $('picker').value = '';
    usePicked = add;
  };
  $('clear-uploads').onclick = () => [...all].filter(({ state }) => state === 'done').forEach((upload) => upload.remove());
  let depth = 0;
  const over = (change) => (event) => {
    if (!isOpen() || ![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    depth = change(depth);
    $('drop').hidden = depth <= 0;
  };
  document.addEventListener('dragenter', over((now) => now + 1));
  document.addEventListener('dragover', over((now) => now));
  document.addEventListener('dragleave', over((now) => now - 1));
  document.addEventListener('drop', (event) => {
    over(() => 0)(event);
    if (isOpen()) dropped(event.dataTransfer.items).then(add).catch(() => fail('What was dropped cannot be read.'));
  });
  document.addEventListener('paste', (event) => {
    if (isOpen() && event.clipboardData.files.length > 0) add([...event.clipboardData.files]);
  });
  window.addEventListener('beforeunload', (event) => {
    if ([...all].some(({ state }) => state === 'sending' || state === 'waiting')) event.preventDefault();
  });
  setInterval(() => [...all].some(({ state }) => state === 'sending') && drawTotal(), 1000);
}
