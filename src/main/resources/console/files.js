// The list of files: pages that load on, preview, links, downloads, and deletion that can be undone.

import { $, announce, ask, clone, copy, el, exactSize, exactTime, fail, plural, request, size, span, toast, when } from './api.js';

const PAGE = 200;
const PREVIEW = 64 * 2 ** 10;
const PICTURE = 4 * 2 ** 20;
/** Larger files are downloaded by a link, because a page would hold them in memory. */
const IN_MEMORY = 32 * 2 ** 20;
const UNDO = 5000;
const PICTURES = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif', bmp: 'image/bmp' };

const files = new Map();
const rows = new Map();
const selected = new Set();
const deleting = new Map();
let page = { after: '', more: true, busy: false, run: 0 };

const filter = () => ({ purpose: $('filter').value, order: $('order').value });

export function clear() {
  page = { after: '', more: true, busy: false, run: page.run + 1 };
  files.clear();
  rows.clear();
  selected.clear();
  $('list').replaceChildren();
  $('empty').hidden = true;
  $('list-head').hidden = true;
  drawSelection();
}

export function reload() {
  clear();
  return load();
}

async function load() {
  if (page.busy || !page.more) return;
  const { run } = page;
  Object.assign(page, { busy: true, failed: false });
  $('list-state').textContent = files.size ? 'Loading more…' : 'Loading…';
  try {
    const query = new URLSearchParams({ limit: PAGE, ...filter(), after: page.after });
    const list = await ask(`files?${query}`);
    if (run !== page.run) return;
    section('append').append(...list.data.filter(({ id }) => !files.has(id)).map(row));
    $('list').lastChild.style.containIntrinsicBlockSize = `auto ${list.data.length * 2.75}rem`;
    Object.assign(page, { after: list.last_id || page.after, more: list.has_more });
    drawState();
  } catch (ex) {
    if (run !== page.run) return;
    $('list-state').replaceChildren(String(ex), ' ', el('button', { textContent: 'Try again', onclick: load }));
    page.failed = true;
    return;
  } finally {
    if (run === page.run) page.busy = false;
  }
  if (isNear()) load();
}

const isNear = () => !$('files-view').hidden && $('more').getBoundingClientRect().top < window.innerHeight + 1500;

function drawState() {
  const visible = files.size - deleting.size;
  const nothing = visible === 0 && !page.more;
  $('empty').hidden = !nothing || $('filter').value !== '';
  $('list-head').hidden = visible === 0;
  $('list-state').textContent = !nothing ? `${plural(visible, 'file')}${page.more ? ' so far' : ''}`
    : $('filter').value ? 'No files of this purpose.' : '';
}

/** A part of the list, which costs nothing while it is far from view; for each row that would cost too much. */
function section(place) {
  const ul = el('ul', { className: 'plain', ariaLabel: 'Files' });
  $('list')[place](ul);
  return ul;
}

function row(file) {
  files.set(file.id, file);
  const li = clone('file-row');
  const [box, name, purpose, bytes, created, expires] = li.children;
  rows.set(file.id, li);
  li.dataset.id = file.id;
  li.hidden = deleting.has(file.id);
  box.ariaLabel = `Select ${file.filename}`;
  name.textContent = file.filename;
  name.title = file.filename;
  purpose.textContent = file.purpose;
  bytes.textContent = size(file.bytes);
  bytes.title = exactSize(file.bytes);
  time(created, file.created_at, '');
  time(expires, file.expires_at, 'expires: ');
  for (const button of li.querySelectorAll('.icon')) button.ariaLabel = `${button.title}: ${file.filename}`;
  return li;
}

function time(element, seconds, prefix) {
  element.textContent = seconds === null ? 'never' : when(seconds);
  element.dataset.prefix = prefix;
  if (seconds === null) return;
  element.dateTime = new Date(seconds * 1000).toISOString();
  element.title = exactTime(seconds);
}

/** A file that was uploaded just now. */
export function arrived(file) {
  const { purpose, order } = filter();
  if (files.has(file.id) || (purpose && purpose !== file.purpose)) return;
  if (order === 'desc') ($('list').firstChild || section('append')).prepend(row(file));
  else if (!page.more) ($('list').lastChild || section('append')).append(row(file));
  drawState();
}

function drawSelection() {
  const chosen = [...selected].map((id) => files.get(id));
  $('selection').hidden = chosen.length === 0;
  $('selection-text').textContent = `${plural(chosen.length, 'file')}, ${size(chosen.reduce((sum, { bytes }) => sum + bytes, 0))}`;
  $('select-all').checked = chosen.length > 0 && chosen.length === files.size - deleting.size;
  $('select-all').indeterminate = chosen.length > 0 && !$('select-all').checked;
}

function select(ids, on) {
  ids.forEach((id) => {
    selected[on ? 'add' : 'delete'](id);
    const li = rows.get(id);
    if (!li) return;
    li.firstElementChild.checked = on;
    li.classList.toggle('chosen', on);
  });
  drawSelection();
}

const acts = {
  copy: (ids) => copy(ids.join('\n'), ids.length === 1 ? 'Id copied' : `${ids.length} ids copied`),
  async link([id]) {
    const life = $('link-life').value;
    const link = await ask(`files/${id}/content?expires_in=${life}`);
    await copy(link.download_url, `Link copied. It works for ${span(link.expires_in)}, for everyone who has it.`, 'A link to this file');
  },
  async download(ids) {
    for (const id of ids) await download(files.get(id));
  },
  delete: (ids) => remove(ids),
  none: () => select([...selected], false),
};

async function download(file) {
  const save = (href) => el('a', { href, download: file.filename, rel: 'noreferrer' }).click();
  if (file.bytes > IN_MEMORY) {
    save((await ask(`files/${file.id}/content?expires_in=600`)).download_url);
    return;
  }
  const content = await request(`files/${file.id}/content`, { headers: { Accept: 'application/octet-stream' } });
  const url = URL.createObjectURL(await content.blob());
  save(url);
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** Hides the rows now; asks the server when nobody has undone it. */
function remove(ids) {
  const near = rows.get(ids.at(-1));
  const next = near?.nextElementSibling || near?.previousElementSibling;
  select(ids, false);
  const text = ids.length === 1 ? `${files.get(ids[0]).filename} is deleted` : `${plural(ids.length, 'file')} are deleted`;
  const show = (id, hidden) => {
    deleting[hidden ? 'set' : 'delete'](id, finish);
    const li = rows.get(id);
    if (li) li.hidden = hidden;
  };
  const undo = () => {
    ids.forEach((id) => show(id, false));
    drawState();
    announce('Nothing is deleted');
    rows.get(ids[0])?.children[1].focus();
  };
  let over = false;
  const finish = async (atOnce = 4) => {
    if (over) return;
    over = true;
    (next?.isConnected && document.activeElement === document.body ? next.children[1] : null)?.focus();
    await each(ids, atOnce, async (id) => {
      try {
        await request(`files/${id}`, { method: 'DELETE', keepalive: true });
        rows.get(id)?.remove();
        rows.delete(id);
        files.delete(id);
        deleting.delete(id);
      } catch (ex) {
        show(id, false);
        fail(ex);
      }
    });
    drawState();
    drawSelection();
    if (page.more && isNear()) load();
  };
  ids.forEach((id) => show(id, true));
  toast(text, { life: UNDO, action: 'Undo', onAction: undo, onEnd: finish });
  $('toasts').lastElementChild.querySelector('button').focus();
  drawState();
}

/** Does something for all, some at a time. */
async function each(ids, atOnce, work) {
  const left = [...ids];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left.length > 0) await work(left.shift());
  }));
}

async function preview(file) {
  const extension = file.filename.split('.').pop().toLowerCase();
  const picture = PICTURES[extension];
  const most = picture ? PICTURE : PREVIEW;
  const body = $('preview-body');
  $('preview-name').textContent = file.filename;
  $('preview-note').textContent = 'Loading…';
  body.replaceChildren();
  $('preview').showModal();
  try {
    const answer = await request(`files/${file.id}/content`, { headers: { Range: `bytes=0-${most - 1}` } });
    const bytes = await answer.arrayBuffer();
    const isWhole = bytes.byteLength >= file.bytes;
    $('preview-note').textContent = `${file.purpose} · ${exactSize(file.bytes)}${isWhole ? '' : ` · the first ${size(bytes.byteLength)}`}`;
    body.append(picture ? image(bytes, picture, file) : text(bytes, extension, isWhole));
  } catch (ex) {
    $('preview-note').textContent = String(ex);
  }
}

function image(bytes, type, file) {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const shown = el('img', { src: url, alt: `Picture ${file.filename}` });
  $('preview').addEventListener('close', () => URL.revokeObjectURL(url), { once: true });
  shown.onerror = () => shown.replaceWith(el('p', { textContent: 'The browser cannot show this picture.' }));
  return shown;
}

function text(bytes, extension, isWhole) {
  let content;
  try {
    // of a cut text, the last character may be cut, too
    content = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch { /* no text */ }
  if (content === undefined || content.includes('\0')) return el('p', { textContent: 'This is neither text nor a picture that can be shown.' });
  const lines = content.split('\n');
  if (!isWhole && lines.length > 1) lines.pop();
  const parsed = lines.filter((line) => line.trim()).map(pretty);
  if (['jsonl', 'ndjson'].includes(extension) || (parsed.length > 1 && parsed.every(({ ok }) => ok))) {
    return el('ol', { className: 'lines' }, ...parsed.map(({ text: line, ok }) => el('li', {}, el('pre', { textContent: line, className: ok ? '' : 'error' }))));
  }
  return el('pre', { dir: 'auto', textContent: isWhole ? pretty(content).text : content });
}

function pretty(json) {
  try {
    return { ok: true, text: JSON.stringify(JSON.parse(json), null, 2) };
  } catch {
    return { ok: false, text: json };
  }
}

export function start() {
  const act = (name, ids) => Promise.resolve(acts[name](ids)).catch(fail);
  let last;
  $('list').onclick = (event) => {
    const id = event.target.closest('li')?.dataset.id;
    if (event.target.dataset.act) act(event.target.dataset.act, [id]);
    else if (event.target.matches('.name')) preview(files.get(id));
    else if (event.target.matches('input')) {
      const shown = [...$('list').querySelectorAll('li')].filter(({ hidden }) => !hidden).map((li) => li.dataset.id);
      const [from, to] = [shown.indexOf(event.shiftKey ? last : id), shown.indexOf(id)].sort((a, b) => a - b);
      select(shown.slice(from < 0 ? to : from, to + 1), event.target.checked);
      last = id;
    }
  };
  $('list').onkeydown = (event) => {
    const li = event.target.closest('li');
    const column = [...li.querySelectorAll('input, button')].indexOf(event.target);
    const [step, end] = { ArrowDown: ['nextElementSibling', 'firstElementChild'], ArrowUp: ['previousElementSibling', 'lastElementChild'] }[event.key] || [];
    const after = (one) => one[step] || one.parentElement[step]?.[end];
    if (event.key === 'Delete') act('delete', selected.size ? [...selected] : [li.dataset.id]);
    if (!step) return;
    event.preventDefault();
    let other = after(li);
    while (other?.hidden) other = after(other);
    other?.querySelectorAll('input, button')[column].focus();
  };
  $('selection').onclick = (event) => event.target.dataset.many && act(event.target.dataset.many, [...selected]);
  $('select-all').onclick = (event) => select([...files.keys()].filter((id) => !deleting.has(id)), event.target.checked);
  $('filter').onchange = reload;
  $('order').onchange = reload;
  $('refresh').onclick = reload;
  const loadOn = () => isNear() && !page.failed && load();
  // the observer sees the view come back, but no end that is jumped to again before it has looked
  window.addEventListener('scroll', loadOn, { passive: true });
  new IntersectionObserver(loadOn, { rootMargin: '1500px' }).observe($('more'));
  window.addEventListener('pagehide', () => new Set(deleting.values()).forEach((finish) => finish(files.size)));
  setInterval(() => document.querySelectorAll('#list time[datetime]').forEach((element) => {
    element.textContent = when(Date.parse(element.dateTime) / 1000);
  }), 60000);
}
