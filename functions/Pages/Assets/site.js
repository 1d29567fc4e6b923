// The pages are whole without this. It shows times in the reader's zone, keeps a page up to date, and sends what forms ask to the API.
const body = document.body;
const text = (name, ...values) => values.reduce((said, value, at) => said.replace(`{${at}}`, value), body.getAttribute(`data-text-${name}`) ?? name);
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const main = one('#main');

// ---- times ----
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

function showTimes(within) {
  const now = day.format(new Date());
  for (const time of all('time', within)) {
    const at = new Date(time.dateTime);
    const date = day.format(at);
    time.textContent = `${date === now ? text('today') : date}, ${clock.format(at)}`;
  }
}

// ---- what comes to life with script ----
function enliven(within) {
  showTimes(within);
  for (const button of all('form[data-api] button[type=submit]', within)) { button.disabled = false; }
  for (const button of all('[data-copy], [data-sign-out], [data-add]', within)) { button.hidden = false; }
  for (const choice of all('[data-shown-for]', within)) { showFor(choice); }
}

// ---- exchanging what has changed ----
// What the server said last of each part: what the reader's browser made of it (times, open details) is no change.
let said = new Map();
const remember = (within) => { said = new Map(all('[data-part]', within).map(part => [part.dataset.part, part.innerHTML])); };

const isBusy = (part) => part.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')
  || all('form[data-api] input:not([type=hidden]), form[data-api] textarea', part).some(field => field.type === 'checkbox' || field.type === 'radio' ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

// What makes a thing another thing: a link never becomes a link to elsewhere under somebody's finger.
const identity = (node) => node.nodeType === Node.ELEMENT_NODE ? node.id || node.getAttribute('href') || node.dataset.api || '' : '';

/** Changes only what differs, so that focus and selection stay where they are. */
function morph(from, to) {
  const old = [...from.childNodes], fresh = [...to.childNodes];
  fresh.forEach((node, at) => {
    const here = old[at];
    if (!here) { from.append(node); return; }
    if (here.nodeType !== node.nodeType || here.nodeName !== node.nodeName || identity(here) !== identity(node)) { here.replaceWith(node); return; }
    if (node.nodeType === Node.TEXT_NODE) { if (here.data !== node.data) { here.data = node.data; } return; }
    if (node.nodeType !== Node.ELEMENT_NODE) { return; }
    for (const { name } of [...here.attributes]) { if (!node.hasAttribute(name) && name !== 'open') { here.removeAttribute(name); } }
    for (const { name, value } of node.attributes) { if (here.getAttribute(name) !== value) { here.setAttribute(name, value); } }
    morph(here, node);
  });
  old.slice(fresh.length).forEach(node => node.remove());
}

function exchange(fresh, willing) {
  const parts = all('[data-part]', main);
  const come = all('[data-part]', fresh);
  const focused = identity(document.activeElement ?? body);
  let kept = false;
  if (parts.map(part => part.dataset.part).join() !== come.map(part => part.dataset.part).join()) {
    if (!willing && all('[data-part]', main).some(isBusy)) { return false; }
    remember(fresh);
    main.replaceChildren(...fresh.childNodes);
    enliven(main);
  } else {
    parts.forEach((part, at) => {
      const html = come[at].innerHTML;
      if (said.get(part.dataset.part) === html) { return; }
      if (!willing && isBusy(part)) { kept = true; return; }
      said.set(part.dataset.part, html);
      morph(part, come[at]);
      enliven(part);
    });
  }
  if (focused && document.activeElement === body) {
    (document.getElementById(focused) ?? all('a[href]', main).find(link => link.getAttribute('href') === focused))?.focus({ preventScroll: true });
  }
  return !kept;
}

function take(html, tag, willing = false) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  // Somebody else has signed in with this browser meanwhile: nothing that stands here is theirs.
  if (one('[data-person]', page)?.title !== one('[data-person]')?.title) { location.reload(); return; }
  const whole = exchange(one('#main', page), willing);
  if (whole) { body.dataset.tag = tag; }
  document.title = page.title;
  one('.foot time').replaceWith(document.adoptNode(one('.foot time', page)));
  showTimes(one('.foot'));
  announce(one('#announce', page).dataset.text);
  if (!whole) { tell('answer', text('changed'), 'warn', true); }
}

function announce(sentence) {
  const place = one('#announce');
  if (sentence && place.dataset.text !== sentence) { place.dataset.text = sentence; place.textContent = sentence; }
}

// ---- saying something above the page ----
function tell(where, sentence, tone, reload = false) {
  const place = document.getElementById(where);
  place.className = `${where} ${tone}`;
  place.replaceChildren(sentence);
  if (reload) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: text('reload') });
    button.addEventListener('click', () => location.reload());
    place.append(' ', button);
  }
  place.hidden = false;
}

// ---- contact ----
const often = 5000, seldom = 30000;
let lostAt = null, waits = often, timer = 0, looking = false;

async function look(willing = false) {
  clearTimeout(timer);
  if (looking) { return; }
  looking = true;
  try {
    const answer = await fetch(location.href, { headers: { 'If-None-Match': willing ? '' : body.dataset.tag }, cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(20000) });
    if (answer.status === 401 || answer.type === 'opaqueredirect') { tell('contact', text('signed-out'), 'warn', true); return; }
    // Gone, or not for this reader any more: the page that says so.
    if (answer.status === 403 || answer.status === 404) { location.reload(); return; }
    // Only a page, or that it is the same, tells how it stands.
    if (answer.status === 200) { take(await answer.text(), answer.headers.get('ETag') ?? '', willing); } else if (answer.status !== 304) { throw new Error(answer.status); }
    if (lostAt) { tell('contact', text('back', clockWithSeconds.format(new Date())), 'well'); lostAt = null; setTimeout(() => { if (!lostAt) { one('#contact').hidden = true; } }, 15000); }
    waits = often;
  } catch {
    if (!lostAt) { lostAt = new Date(); tell('contact', text('lost', clockWithSeconds.format(lostAt)), 'warn'); }
    waits = Math.min(waits * 2, seldom);
  } finally {
    looking = false;
  }
  plan();
}

function plan() {
  clearTimeout(timer);
  if ('live' in body.dataset && !document.hidden) { timer = setTimeout(look, lostAt ? Math.min(waits, seldom) : often); }
}

// ---- forms that act ----
const value = (field) => 'number' in field.dataset ? Number(field.value) : 'moment' in field.dataset ? new Date(field.value).toISOString() : field.value.trim();

/**
 * What a form says as the JSON that the API reads: fields in data-object make an object of their own, fields in each data-entry of a data-list one entry of that list,
 * or all of them one entry where it has no data-entry. Both may stand in each other; what nobody filled in is left out.
 */
function bodyOf(form) {
  const made = {}, places = new Map(), holders = '[data-object], [data-entry], [data-list]';
  const within = (holder) => {
    if (!holder) { return made; }
    if (places.has(holder)) { return places.get(holder); }
    const place = {};
    if ('object' in holder.dataset) {
      within(holder.parentElement.closest(holders))[holder.dataset.object] = place;
    } else {
      const list = holder.closest('[data-list]');
      (within(list.parentElement.closest(holders))[list.dataset.list] ??= []).push(place);
    }
    places.set(holder, place);
    return place;
  };
  for (const field of all('[name]', form)) {
    if (field.disabled) { continue; }
    if ((field.type === 'checkbox' || field.type === 'radio') && !field.checked) { continue; }
    if (!field.value && !field.required && field.type !== 'textarea') { continue; }
    const into = within(field.closest(holders));
    if ('array' in field.dataset) { (into[field.name] ??= []).push(field.value); } else { into[field.name] = value(field); }
  }
  return made;
}

let antiForgery = null;
async function token() {
  if (!antiForgery) { antiForgery = (await (await fetch('/api/session', { cache: 'no-store' })).json()).antiForgery ?? ''; }
  return antiForgery;
}

async function send(path, made, match) {
  const headers = { 'X-Gwb-Anti-Forgery': await token() };
  if (made) { headers['Content-Type'] = 'application/json'; }
  if (match) { headers['If-Match'] = match; }
  const answer = await fetch(path, { method: 'POST', headers, body: made ? JSON.stringify(made) : undefined });
  const said = answer.status === 204 ? null : await answer.json().catch(() => null);
  return { status: answer.status, ok: answer.ok, said };
}

async function act(form) {
  const button = one('button[type=submit]', form), label = button.innerHTML;
  button.disabled = true;
  button.textContent = text('sending');
  try {
    const made = 'empty' in form.dataset ? undefined : bodyOf(form);
    if ('return' in form.dataset) { made.returnTo = location.pathname; }
    const { ok, status, said } = await send(form.dataset.api, made, form.dataset.match);
    if (ok) { return after(form, said); }
    if (status === 401) { antiForgery = null; tell('answer', text('signed-out'), 'bad', true); return; }
    const stale = status === 412 || status === 409;
    tell('answer', status === 412 ? text('stale') : [text('failed'), blamed(form, said?.field), said?.detail ?? status, said?.remedy].filter(Boolean).join(' '), 'bad');
    // What took long to fill in may be right in a moment; everywhere else it was about something that is no longer so.
    if (stale) { if (!('keep' in form.dataset)) { form.reset(); } await look(true); }
  } catch {
    tell('answer', text('unreached'), 'bad');
  } finally {
    button.innerHTML = label;
    button.disabled = false;
  }
}

/** The field that an answer complains of, by its label. */
function blamed(form, path) {
  const field = path && one(`[name="${CSS.escape(path.replace(/\[\d+\]$/, '').split('.').at(-1))}"]:not([type=hidden])`, form);
  if (!field?.labels?.length) { return ''; }
  field.focus();
  return `“${field.labels[0].textContent.trim()}”:`;
}

function after(form, said) {
  if (form.dataset.goField && said?.[form.dataset.goField]) { location.assign(form.dataset.go + encodeURIComponent(said[form.dataset.goField])); return; }
  if ('goAddress' in form.dataset) { location.assign(said.address); return; }
  if (form.dataset.then) { sessionStorage.setItem('done', text('done')); location.assign(form.dataset.then); return; }
  tell('answer', form.dataset.done ?? text('done'), 'well');
  form.reset();
  look(true);
}

document.addEventListener('submit', event => {
  const form = event.target;
  if (form.matches('[data-api]')) { event.preventDefault(); act(form); }
});

// ---- what belongs to a choice is shown with it ----
function showFor(place) {
  const chosen = place.dataset.shownFor.split(' ').some(id => document.getElementById(id)?.checked);
  place.hidden = !chosen;
  for (const field of all('input, textarea, button', place)) { field.disabled = !chosen; }
}

document.addEventListener('change', event => {
  if (event.target.matches('input[type=radio]')) { all('[data-shown-for]').forEach(showFor); }
});

// ---- lists narrow while somebody types ----
let typing = 0;
async function narrow(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, chosen]) => chosen !== ''));
  const address = query.size ? `${form.action}?${query}` : form.action;
  try {
    const answer = await fetch(address, { cache: 'no-store' });
    if (!answer.ok) { return; }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const list = one('[data-part=list]', page), here = one('[data-part=list]');
    said.set('list', list.innerHTML);
    morph(here, list);
    enliven(here);
    body.dataset.tag = answer.headers.get('ETag') ?? '';
    history.replaceState(null, '', address);
  } catch { /* the form still works as it is */ }
}

document.addEventListener('input', event => {
  const form = event.target.closest('form[data-filter]');
  if (form) { clearTimeout(typing); typing = setTimeout(() => narrow(form), event.target.matches('select') ? 0 : 250); }
});

// ---- small things ----
document.addEventListener('click', async event => {
  const copy = event.target.closest('[data-copy]');
  if (copy) {
    const label = copy.textContent;
    try { await navigator.clipboard.writeText(one('code', copy.parentElement).textContent); copy.textContent = text('copied'); } catch { copy.textContent = text('not-copied'); }
    setTimeout(() => { copy.textContent = label; }, 2000);
  }
  const add = event.target.closest('[data-add]'), remove = event.target.closest('[data-remove]');
  if (add) {
    const last = all('[data-entry]', add.closest('[data-list]')).at(-1), fresh = last.cloneNode(true);
    for (const field of all('input', fresh)) { field.value = ''; field.removeAttribute('id'); }
    one('[data-remove]', fresh).hidden = false;
    last.after(fresh);
    one('input', fresh).focus();
  }
  if (remove) {
    const entry = remove.closest('[data-entry]'), before = entry.previousElementSibling;
    entry.remove();
    one('input', before).focus();
  }
  if (event.target.closest('[data-sign-out]')) {
    const { said } = await send('/api/sign-out');
    location.assign(said?.address ?? '/api/pages');
  }
});
document.addEventListener('visibilitychange', () => { if (document.hidden) { clearTimeout(timer); } else if ('live' in body.dataset) { look(); } });
addEventListener('online', () => { if (lostAt) { look(); } });

remember(main);
enliven(document);
const done = sessionStorage.getItem('done');
if (done) { sessionStorage.removeItem('done'); tell('answer', done, 'well'); }
for (const polls of all('[data-polls]')) { polls.hidden = !('live' in body.dataset); }
plan();
