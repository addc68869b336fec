// The page itself: who is here, which view is shown, the overview.

import { $, Refusal, address, announce, ask, clone, copy, el, exactSize, keys, number, plural, size } from './api.js';
import * as admin from './admin.js';
import * as files from './files.js';
import * as uploads from './uploads.js';

const VIEWS = ['files', 'overview', 'admin'];
const SVG = 'http://www.w3.org/2000/svg';
const API = address('').replace(/\/$/, '');

const SNIPPETS = [
  ['curl', `curl ${API}/files -H "Authorization: Bearer $API_KEY" \\\n  -F purpose=user_data -F file=@example.txt`],
  ['Python', 'import os\nfrom openai import OpenAI\n\n'
    + `client = OpenAI(api_key=os.environ["API_KEY"], base_url="${API}")\n`
    + 'client.files.create(file=open("example.txt", "rb"), purpose="user_data")'],
  ['JavaScript', 'import fs from "node:fs";\nimport OpenAI from "openai";\n\n'
    + `const client = new OpenAI({ apiKey: process.env.API_KEY, baseURL: "${API}" });\n`
    + 'await client.files.create({ file: fs.createReadStream("example.txt"), purpose: "user_data" });'],
];

const isHere = () => Boolean(keys.get('owner'));
const view = () => VIEWS.find((name) => location.hash === `#${name}`) || 'files';

function draw() {
  const name = view();
  const asks = name !== 'admin' && !isHere();
  for (const each of VIEWS) $(`${each}-view`).hidden = asks || each !== name;
  $('key-view').hidden = !asks;
  $('forget').hidden = !isHere() && !keys.get('admin');
  for (const link of document.querySelectorAll('nav a')) link.ariaCurrent = link.hash === `#${name}` ? 'page' : null;
  document.title = `${document.querySelector(`nav a[href="#${name}"]`).textContent} · Stowage`;
  if (asks) $('key').focus();
  else if (name === 'overview') drawUsage();
  else if (name === 'admin') admin.open();
}

/** Tries a key, as an owner's and as the operator's, and opens what it opens. */
async function enter(event) {
  event.preventDefault();
  const key = $('key').value.trim();
  $('key-error').hidden = true;
  try {
    const kind = await kindOf(key);
    keys.set(kind, key);
    $('key').value = '';
    if (kind === 'admin') location.hash = '#admin';
    else open();
    draw();
    $('main').focus();
  } catch (ex) {
    $('key-error').textContent = String(ex);
    $('key-error').hidden = false;
    $('key').select();
  }
}

async function kindOf(key) {
  try {
    await ask('usage', { key });
    return 'owner';
  } catch (ex) {
    if (ex.status === 403) return 'owner';
    if (ex.status !== 401 || !await ask('organization/projects?limit=1', { key }).catch(() => null)) throw ex;
    return 'admin';
  }
}

function open() {
  files.reload();
  uploads.restore();
}

function forget() {
  uploads.forget();
  keys.forget();
  admin.close();
  document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close());
  files.clear();
  $('usage').replaceChildren();
  location.hash = '#files';
  draw();
  announce('The key is forgotten');
}

async function drawUsage() {
  try {
    const usage = await ask('usage');
    $('usage').replaceChildren(
      meter('Bytes', usage.bytes, usage.max_bytes, size, exactSize),
      meter('Files', usage.files, usage.max_files, number, (value) => plural(value, 'file')),
      el('p', { className: 'hint', textContent: usage.max_file_size ? `A file may have ${size(usage.max_file_size)}.` : '' }),
      usage.by_purpose.length ? chart(usage.by_purpose) : '',
    );
  } catch (ex) {
    $('usage').replaceChildren(el('p', { className: 'error', textContent: String(ex) }));
  }
}

function meter(name, value, most, brief, exact) {
  const words = most === null ? `${brief(value)}, without a quota` : `${brief(value)} of ${brief(most)}`;
  const line = el('p', { className: 'line spread', title: most === null ? exact(value) : `${exact(value)} of ${exact(most)}` },
    el('span', { textContent: name }), el('strong', { textContent: words }));
  if (most === null) return line;
  const bar = el('progress', { max: most || 1, value, className: value > most * 0.9 ? 'nearly-full' : '', ariaLabel: `${name}: ${words}` });
  return el('div', {}, line, bar);
}

/** Bars of what is available, by purpose. */
function chart(purposes) {
  const node = (tag, attributes, text = '') => {
    const made = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = text;
    return made;
  };
  const most = Math.max(...purposes.map(({ bytes }) => bytes), 1);
  const svg = node('svg', { height: purposes.length * 44, role: 'img', 'aria-labelledby': 'chart-title', class: 'chart' });
  svg.append(node('title', { id: 'chart-title' }, `By purpose: ${purposes.map(({ purpose, bytes, files: count }) => `${purpose} ${size(bytes)} in ${plural(count, 'file')}`).join(', ')}`));
  purposes.forEach(({ purpose, bytes, files: count }, at) => {
    const group = node('g', { transform: `translate(0 ${at * 44})` });
    group.append(node('title', {}, `${purpose}: ${exactSize(bytes)} in ${plural(count, 'file')}`),
      node('text', { x: 0, y: 16 }, purpose),
      node('text', { x: '100%', y: 16, 'text-anchor': 'end' }, `${size(bytes)} · ${plural(count, 'file')}`),
      node('rect', { y: 24, width: '100%', height: 8, rx: 4, class: 'track' }),
      node('rect', { y: 24, width: `${Math.max(1, (100 * bytes) / most)}%`, height: 8, rx: 4 }));
    svg.append(group);
  });
  return svg;
}

for (const place of document.querySelectorAll('.snippets')) {
  for (const [name, code] of SNIPPETS) {
    const figure = clone('snippet');
    figure.querySelector('span').textContent = name;
    figure.querySelector('pre').textContent = code;
    figure.querySelector('button').ariaLabel = `Copy ${name}`;
    figure.querySelector('button').onclick = () => copy(code, 'Copied');
    place.append(figure);
  }
}

$('key-form').onsubmit = enter;
$('forget').onclick = forget;
window.addEventListener('hashchange', () => { draw(); if (location.hash !== '#main') $('main').focus(); });
// a refused key is asked for again
window.addEventListener('unhandledrejection', (event) => event.reason instanceof Refusal && event.preventDefault());
files.start();
uploads.start((file) => files.arrived(file), () => isHere() && view() !== 'admin');
admin.start(draw);
draw();
if (isHere()) open();
