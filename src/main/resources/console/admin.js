// Administration: projects, their keys, quotas, limits and usage, with the admin key.

import { $, announce, ask as askAny, confirm, el, exactSize, exactTime, fail, keys, number, plural, show, size, toast, when } from './api.js';

const PROJECTS = 'organization/projects';
const QUOTA = [['max_bytes', 'Bytes'], ['max_files', 'Files'], ['max_file_size', 'Bytes of one file']];
const LIMITS = [['max_requests_per_1_minute', 'Requests a minute'], ['max_uploads_at_once', 'Uploads at once']];

const ask = (path, options = {}) => askAny(path, { kind: 'admin', ...options });

let isListed = false;
let chosen = null;
let drawPage = () => {};

/** Shows the projects, or asks for the admin key. */
export async function open() {
  const isHere = Boolean(keys.get('admin'));
  $('admin-key-form').hidden = isHere;
  $('admin').hidden = !isHere;
  if (!isHere) $('admin-key').focus();
  else if (!isListed) await list();
}

export function close() {
  isListed = false;
  chosen = null;
  $('projects').replaceChildren();
  $('project').replaceChildren(el('p', { className: 'hint', textContent: 'Choose a project.' }));
}

async function enter(event) {
  event.preventDefault();
  const key = $('admin-key').value.trim();
  try {
    await ask(`${PROJECTS}?limit=1`, { key });
    keys.set('admin', key);
    $('admin-key').value = '';
    $('admin-key-error').hidden = true;
    drawPage();
  } catch (ex) {
    $('admin-key-error').textContent = ex.status === 404 ? 'This server has no admin key, so it has no administration.' : String(ex);
    $('admin-key-error').hidden = false;
  }
}

async function list(after = '') {
  try {
    const page = await ask(`${PROJECTS}?limit=100&after=${encodeURIComponent(after)}&include_archived=${$('archived').checked}`);
    const rows = page.data.map((project) => el('li', {}, pickOf(project)));
    if (after) $('projects').append(...rows);
    else $('projects').replaceChildren(...rows);
    isListed = true;
    $('more-projects').hidden = !page.has_more;
    $('more-projects').onclick = () => list(page.last_id);
    if (rows.length === 0 && !after) $('projects').append(el('li', { className: 'hint', textContent: 'No projects yet. Create one, then make a key for it.' }));
  } catch (ex) {
    if (ex.status === 401) {
      keys.drop('admin');
      open();
    }
    fail(ex);
  }
}

function pickOf(project) {
  const pick = el('button', { onclick: () => draw(project.id).catch(fail) }, el('bdi', { textContent: project.name }),
    el('small', { textContent: project.status === 'archived' ? `${project.id} · archived` : project.id }));
  pick.dataset.project = project.id;
  pick.ariaCurrent = project.id === chosen ? 'true' : null;
  return pick;
}

const pathOf = (id) => `${PROJECTS}/${encodeURIComponent(id)}`;

async function everyKey(path) {
  const found = [];
  for (let after = ''; after !== null;) {
    const page = await ask(`${path}/api_keys?limit=100&after=${encodeURIComponent(after)}`);
    found.push(...page.data);
    after = page.has_more ? page.last_id : null;
  }
  return found;
}

async function draw(id) {
  chosen = id;
  for (const pick of document.querySelectorAll('#projects button')) pick.ariaCurrent = pick.dataset.project === id ? 'true' : null;
  const path = pathOf(id);
  const [project, usage, quota, limits, found] = await Promise.all([ask(path), ask(`${path}/usage`), ask(`${path}/quota`),
    ask(`${path}/rate_limits`), everyKey(path)]);
  if (chosen !== id) return;
  const isActive = project.status === 'active';
  const again = () => draw(id);
  $('project').replaceChildren(
    el('h3', { dir: 'auto', textContent: project.name }),
    el('p', { className: 'hint', title: exactTime(project.created_at), textContent: `${project.id} · created ${when(project.created_at)}${isActive ? '' : ' · archived: its keys have stopped, its files stay'}` }),
    el('p', { title: exactSize(usage.bytes), textContent: `${size(usage.bytes)} in ${plural(usage.files, 'file')}${usage.by_purpose.map((of) => ` · ${of.purpose} ${size(of.bytes)}`).join('')}` }),
    el('h4', { textContent: 'Keys' }),
    found.length ? el('ul', { className: 'plain' }, ...found.map((key) => keyRow(path, key, isActive, again))) : el('p', { className: 'hint', textContent: 'No keys that can be revoked here.' }),
    isActive ? newKey(path, again) : '',
    el('h4', { textContent: 'Quota' }),
    numbers(QUOTA, quota, (asked) => ask(`${path}/quota`, { json: asked }).then(again), 'any', (value) => (value === '' ? null : Number(value))),
    el('h4', { textContent: 'Limits of each instance' }),
    numbers(LIMITS, limits.data[0], (asked) => ask(`${path}/rate_limits/${limits.data[0].id}`, { json: asked }).then(again), '0', Number),
    isActive ? el('div', {}, el('h4', { textContent: 'Project' }), rename(path, project, again)) : '',
  );
}

function keyRow(path, key, isActive, again) {
  const used = key.last_used_at ? `used ${when(key.last_used_at)}` : 'not used yet';
  const life = key.expires_at ? ` · expires ${when(key.expires_at)}` : '';
  const act = (text, className, run) => el('button', { textContent: text, className, ariaLabel: `${text} ${key.name}`, onclick: () => run().then((said) => said && again().then(() => announce(said))).catch(fail) });
  return el('li', { className: 'line wrap spread' },
    el('span', {}, el('bdi', { textContent: key.name }), el('small', { textContent: `${key.redacted_value} · ${key.scopes.join(', ')} · ${used}${life}`, title: `created ${exactTime(key.created_at)}` })),
    el('span', { className: 'acts' }, isActive ? act('Rotate', '', () => rotate(path, key)) : '', act('Revoke', 'danger', () => revoke(path, key))));
}

async function revoke(path, key) {
  if (await confirm(`Revoke ${key.name}?`, 'Programs that use this key stop within 10 seconds. This cannot be undone.', 'Revoke') === null) return '';
  await ask(`${path}/api_keys/${key.id}`, { method: 'DELETE' });
  return 'The key is revoked';
}

/** Makes a key of the same name and scopes, for the same account if the old one has one. */
async function rotate(path, key) {
  const answer = await confirm(`Rotate ${key.name}?`, 'A new key is made and shown once. The old one works until it is revoked.', 'Rotate', 'Revoke the old key now');
  if (answer === null) return '';
  const account = key.owner?.service_account?.id;
  const json = { name: key.name, scopes: key.scopes };
  const made = await ask(account ? `${path}/service_accounts/${account}/api_keys` : `${path}/service_accounts`, { json });
  await showKey(made.api_key || made);
  if (answer) await ask(`${path}/api_keys/${key.id}`, { method: 'DELETE' });
  return 'The key is rotated';
}

const showKey = ({ name, value }) => show(`The key ${name}`, 'It is shown this once. Copy it now, and keep it where secrets are kept.', value);

function newKey(path, again) {
  const name = el('input', { required: true, placeholder: 'Name', ariaLabel: 'Name of a new key' });
  const scopes = el('select', { ariaLabel: 'What the key may do' }, el('option', { value: 'files.read files.write', textContent: 'read and write' }),
    el('option', { value: 'files.read', textContent: 'read' }), el('option', { value: 'files.write', textContent: 'write' }));
  return formOf([name, scopes, el('button', { className: 'primary', textContent: 'Make key' })], async () => {
    const made = await ask(`${path}/service_accounts`, { json: { name: name.value.trim(), scopes: scopes.value.split(' ') } });
    await showKey(made.api_key);
    await again();
  });
}

function numbers(fields, values, save, placeholder, parse) {
  const inputs = fields.map(([name]) => el('input', { type: 'number', min: 0, step: 1, placeholder, name, value: values[name] ?? '' }));
  const labels = fields.map(([name, text], at) => el('label', { title: values[name] ? number(values[name]) : '' }, `${text} `, inputs[at]));
  return formOf([...labels, el('button', { textContent: 'Save' })], async () => {
    await save(Object.fromEntries(inputs.map((input) => [input.name, parse(input.value)])));
    toast('Saved');
  });
}

function rename(path, project, again) {
  const name = el('input', { value: project.name, required: true, ariaLabel: 'Name of the project', dir: 'auto' });
  return formOf([name, el('button', { textContent: 'Rename' }),
    el('button', { type: 'button', className: 'danger', textContent: 'Archive', onclick: () => archive(path, project).catch(fail) })], async () => {
    await ask(path, { json: { name: name.value.trim() } });
    await Promise.all([again(), list()]);
  });
}

async function archive(path, project) {
  if (await confirm(`Archive ${project.name}?`, 'All its keys stop. Its files stay. This cannot be undone.', 'Archive') === null) return;
  await ask(`${path}/archive`, { method: 'POST' });
  await Promise.all([draw(project.id), list()]);
}

const formOf = (children, submit) => el('form', {
  className: 'line wrap',
  onsubmit(event) { event.preventDefault(); submit().catch(fail); },
}, ...children);

export function start(onChange) {
  drawPage = onChange;
  $('admin-key-form').onsubmit = enter;
  $('archived').onchange = () => list();
  $('new-project').onsubmit = (event) => {
    event.preventDefault();
    const input = $('new-project').firstElementChild;
    ask(PROJECTS, { json: { name: input.value.trim() } }).then(async (project) => {
      input.value = '';
      await list();
      await draw(project.id);
    }).catch(fail);
  };
}
