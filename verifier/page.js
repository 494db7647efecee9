// The page around the computation: a file in, a verdict out, one person looked up. It has no way to reach a
// network: its own policy (see index.html) forbids it.

const STRINGS = JSON.parse(document.getElementById('strings').textContent);
const GENESIS = 1692803367; // of quicknet, with a round every three seconds
const at = (id) => document.getElementById(id);
const state = { lang: 'fr', worker: null, shown: null, person: undefined };

function say(key, values = {}) {
  return STRINGS[state.lang][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const number = (value) => new Intl.NumberFormat(state.lang).format(value);
const percent = (share) => new Intl.NumberFormat(state.lang, { style: 'percent', maximumFractionDigits: 1 }).format(share);

function instant(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return new Intl.DateTimeFormat(state.lang, { dateStyle: 'long', timeStyle: 'long', timeZone: 'Europe/Paris' }).format(date);
}

function calendar(yyyymmdd) {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(yyyymmdd / 10000), Math.floor(yyyymmdd / 100) % 100 - 1, yyyymmdd % 100);
  return date;
}

function day(date) {
  if (Number.isNaN(date.getTime())) return '?';
  return new Intl.DateTimeFormat(state.lang, { dateStyle: 'full', timeZone: 'UTC' }).format(date);
}

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function facts(rows) {
  const list = element('dl', '');
  for (const [key, text, style] of rows) list.append(element('dt', say(key)), element('dd', text, style ? { class: style } : {}));
  return list;
}

function alert(style, title, words) {
  const box = element('div', '', { class: `alert ${style}` });
  box.append(element('h2', say(title), { tabindex: '-1' }), element('p', say(words)));
  return box;
}

function showVerdict({ verdict, refused, failed }) {
  if (refused !== undefined || failed !== undefined) {
    const kind = refused !== undefined ? 'refused' : 'failed';
    const box = alert('error', kind, `${kind}-text`);
    box.append(element('p', say('detail')), element('p', refused ?? failed, { class: 'code', lang: 'en' }));
    return [box];
  }
  const whole = verdict.winners !== null;
  const trusting = verdict.round === null;
  const drawn = trusting ? 'holds-commit' : 'holds';
  const title = whole ? drawn : 'list-holds';
  const box = alert(trusting ? 'warning' : 'success', title, `${title}-text`);
  const source = trusting ? 'source-commit' : `source-drand${whole ? '' : '-list'}`;
  const rows = [
    ['entries', number(verdict.entries)],
    ['slots', number(verdict.slots)],
    ...(whole ? [['winners', number(verdict.winners)]] : []),
    ['source', say(source, { round: verdict.round, time: instant(GENESIS + (verdict.round - 1) * 3) })],
    ['freeze-at', instant(verdict.freezeAt)],
    ['freeze', verdict.freeze, 'code'],
    ['draw', verdict.draw, 'code'],
    ['took', say('seconds', { n: number(Math.round(verdict.seconds * 10) / 10) })],
  ];
  const doubts = element('ul', '');
  for (const key of ['not-order', 'not-terms', 'not-people']) doubts.append(element('li', say(key)));
  return [box, facts(rows), element('h3', say('not-checked')), doubts];
}

function showPerson(person) {
  if (person === null) return [alert('error', 'pid-title', 'pid-absent')];
  const { verdict } = state.shown;
  const rows = [
    ['line', say('line-text', {
      ...person,
      bucket: person.bucket === 0 ? say('bucket-none') : day(new Date(person.bucket * 86400000)),
      reserve: person.reserve === 0 ? say('reserve-none') : person.reserve,
    })],
    ['accepts', say('accepts-text', { n: number(person.accepts), of: number(verdict.classes) })],
  ];
  if (person.ticket !== undefined) {
    const { slot } = person;
    const half = slot && say(slot.half === 0 ? 'morning' : 'afternoon');
    rows.unshift(['result', slot ? say('won', { date: day(calendar(slot.date)), half, slot: slot.id }) : say('lost')],
      ['place', say('place-text', { place: number(person.place), of: number(verdict.entries) })]);
    rows.push(['odds', say('odds-text', {
      won: number(person.alikeWon), of: number(person.alike), percent: percent(person.alikeWon / person.alike),
    })], ['ticket', person.ticket, 'code']);
  }
  return [element('p', say('pid-present')), facts(rows)];
}

function hear({ data }) {
  if (data.step !== undefined) {
    at('bar').value = data.progress;
    if (at('status').dataset.step !== data.step) {
      at('status').dataset.step = data.step;
      at('status').textContent = say(`step-${data.step}`);
    }
    return;
  }
  if (data.person !== undefined) {
    state.person = data.person;
    at('person').replaceChildren(...showPerson(data.person));
    return;
  }
  state.shown = data;
  at('progress').hidden = true;
  at('status').textContent = '';
  at('verdict').replaceChildren(...showVerdict(data));
  at('verdict').querySelector('h2').focus();
  at('who').hidden = data.verdict === undefined;
}

async function check() {
  const [file] = at('file').files;
  if (file === undefined) return;
  state.worker?.terminate();
  Object.assign(state, { shown: null, person: undefined });
  at('verdict').replaceChildren();
  at('person').replaceChildren();
  at('who').hidden = true;
  at('progress').hidden = false;
  at('bar').value = 0;
  delete at('status').dataset.step;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const source = new Blob([at('worker').textContent], { type: 'text/javascript' });
    state.worker = new Worker(URL.createObjectURL(source));
    state.worker.onmessage = hear;
    state.worker.onerror = (fault) => hear({ data: { failed: fault.message ?? 'worker' } });
    state.worker.postMessage({ bytes }, [bytes.buffer]);
  } catch (fault) {
    hear({ data: { failed: String(fault) } });
  }
}

function search(event) {
  event.preventDefault();
  const pid = at('pid').value.trim().toLowerCase();
  const right = /^[0-9a-f]{32}$/.test(pid);
  at('pid').toggleAttribute('aria-invalid', !right);
  at('pid-fault').hidden = right;
  at('person').replaceChildren();
  if (right) state.worker.postMessage({ pid });
  else at('pid').focus();
}

function speak(lang) {
  state.lang = lang;
  document.documentElement.lang = lang;
  document.title = say('title');
  for (const one of document.querySelectorAll('[data-t]')) one.textContent = say(one.dataset.t);
  for (const one of document.querySelectorAll('[data-lang]')) one.setAttribute('aria-pressed', one.dataset.lang === lang);
  at('languages').setAttribute('aria-label', say('language'));
  if (state.shown) at('verdict').replaceChildren(...showVerdict(state.shown));
  if (state.person !== undefined) at('person').replaceChildren(...showPerson(state.person));
}

at('file').addEventListener('change', check);
at('who').addEventListener('submit', search);
for (const one of document.querySelectorAll('[data-lang]')) one.addEventListener('click', () => speak(one.dataset.lang));
