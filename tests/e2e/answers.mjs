// The panel in front of answers that are late, wrong, refused or missing. There is no controller here: a handful of canned
// answers, and each part of the walk spoils one of them. See chrome.mjs. It judges nothing; test_answers.py does.
import { createReadStream, existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { leave, order, said, visitor, walk } from './chrome.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.webmanifest': 'application/manifest+json' };
const AREA = { id: 'a1', parent: null, name: 'Xã Phú Xuân', kind: 'commune', zone: 'Asia/Ho_Chi_Minh', one_person_approves: true };
const OTHER = { ...AREA, id: 'a2', name: 'Xã An Lạc' };
const HOUR_MS = 3600_000;
const now = () => new Date().toISOString();
const person = { id: 'p1', name: 'Mai' };

const station = (n) => ({ id: `s${n}`, name: `Cụm ${n}`, area: 'a1', area_name: AREA.name, state: 'online', last_contact: now(), now_playing: null, faults: [], lat: null, lon: null });
const bulletin = (id) => ({ id, version: `${id}v1`, title: `Bản tin ${id}`, state: 'submitted', audio: 'ready', language: 'vi', author: person, area: 'a1', area_name: AREA.name, duration_ms: 5000, text: null,
  kind: 'file', relay: null, fallback: [], airs: null, approval: null, created_at: now(), approver: null, reject_reason: null });
const figures = { due: 10, played: 9, partial: 0, missed: 1, cancelled: 0, unknown: 0, unreported: 0, upcoming: 0, success: 0.9, planned_ms: 60000, played_ms: 60000, late: 0, late_ms: 0, stations: 2, online_share: 1, drops: 0 };
const rest = { items: [], next: null, total: 0 };

const ANSWERS = {
  '/api/me': () => ({ ...person, login: 'mai', phone: null, language: 'vi', grants: [{ role: 'commune_leader', area: 'a1', area_name: AREA.name }], areas: [AREA, OTHER], totp: false, totp_needed: false,
    may: ['create_content', 'approve_content', 'schedule', 'alert', 'manage_stations', 'manage_areas', 'audit'], recovery_codes_left: 0, password_change_needed: false, server_time: now() }),
  '/api/home': () => ({ server_time: now(), zone: AREA.zone, strip: [], attention: [], next: [], counts: { stations: 2, online: 2, fine: 2 },
    now: [{ broadcast: 'b1', title: 'Chương trình sáng', started_at: now(), ends_at: null, stations: { planned: 2, playing: 2, failed: 0 } }] }),
  '/api/home/since': () => ({ since: now(), up_to: now(), missed: 1, partial: 0, unknown: 0, items: [{ broadcast: 'b0', title: 'Bản tin tối', start: now(), outcome: 'missed', reason: null, reason_text: null, stations: 1 }] }),
  '/api/home/again': () => ({ items: [] }),
  '/api/inbox': () => ({ kinds: [{ kind: 'approval', items: [{ id: 'u1', area: 'a1', area_name: AREA.name, title: 'Bản tin u1', since: now(), by: 'Mai', object: bulletin('u1') }] }] }),
  '/api/areas': () => ({ items: [AREA, OTHER], next: null }),
  '/api/stations': (q) => {
    const from = Number(q.get('after') ?? 0), to = Math.min(300, from + Number(q.get('limit')));
    return q.get('q') ? { ...rest, items: [station(7)], total: 1 } : { items: Array.from({ length: to - from }, (_, n) => station(from + n)), next: to < 300 ? String(to) : null, total: 300 };
  },
  '/api/alert-clips': () => ({ items: [{ id: 'c1', area: 'a1', area_name: AREA.name, bulletin: 'x', title: 'Lũ về', severity: 3, button: 0, every_minutes: 30, drill: false, state: 'ready', duration_ms: 9000, created_at: now(), may_change: true }], next: null }),
  '/api/broadcasts/b1': () => ({ id: 'b1', bulletin: null, programme: 'g1', bulletins: ['x1', 'x2'] }),
  '/api/reports/monthly': (q) => ({ month: q.get('month'), made_at: now(), is_over: true, area: { area: 'a1', name: AREA.name, stations: 2 }, total: figures, before: figures, by_class: [], by_source: [], by_language: [], by_author: [],
    days: [{ day: `${q.get('month')}-01`, ...figures }], areas: [], reasons: [], faults: [] }),
  '/api/reports/coverage': () => ({ communes: 1, items: [{ area: 'a1', name: AREA.name, parent_name: null, stations: 2, legacy: 'none', has_station: true, has_digital: true }],
    with_station: { share: 1, target: 0.8, is_reached: true, communes: 1 }, with_digital: { share: 1, target: 0.2, is_reached: true, communes: 1 } }),
  '/api/schedule': () => ({ items: [], broadcasts: [{ id: 'b1', title: 'Bản tin sáng', class: 'normal', state: 'active', when: { kind: 'daily' }, targets: [], created_by: person }], below_left_out: false, cut: false }),
  '/api/holidays': () => ({ items: [] }),
  '/api/settings': () => ({ report_heading: '', report_place: '', support: '', may_change: false }),
};

const NAMED = [ /* by the shape of the address */
  [/^GET \/api\/bulletins\/\w\d$/, (name) => bulletin(name.slice(-2))],
  [/^POST \/api\/bulletins$/, () => ({ ...bulletin('n1'), state: 'draft' })],
  [/\/peaks$/, () => ({ peaks: [] })],
  [/\/agenda$/, () => ({ sounds: [], silent: [] })],
];
let spoiled = {}; /* address: what is answered instead; null: the connection breaks */
const asked = [];
const streams = new Set(), made = [];
const count = (what) => asked.filter((one) => one.startsWith(what)).length;
const changed = (topic) => { for (const stream of streams) stream.write(`event: changed\ndata: {"what":["${topic}"]}\n\n`); };

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, order.url);
  const file = path.join(order.panel, pathname === '/' ? 'index.html' : pathname);
  if (!pathname.startsWith('/api/') && pathname !== '/healthz')
    return existsSync(file) ? createReadStream(file).pipe(response.setHeader('Content-Type', TYPES[path.extname(file)] ?? 'application/octet-stream')) : response.writeHead(404).end();
  const name = `${request.method} ${pathname}`;
  asked.push(name);
  if (pathname === '/api/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': hello\n\n');
    streams.add(response.on('close', () => streams.delete(response)));
    return;
  }
  if (name === 'POST /api/bulletins') request.on('data', (bytes) => made.push(JSON.parse(bytes)));
  const wrong = spoiled[pathname] ?? spoiled[name];
  if (wrong === null) return request.socket.destroy();
  if (wrong === 502) return response.writeHead(502, { 'Content-Type': 'text/html' }).end('<html>Bad Gateway</html>');
  const body = wrong ? { type: '/problems/spoiled', title: 'Máy chủ chưa trả lời được', status: wrong, detail: '' }
    : (ANSWERS[pathname]?.(searchParams) ?? NAMED.find(([shape]) => shape.test(name))?.[1](name) ?? rest);
  response.writeHead(wrong ?? 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
const server = http.createServer(answer);
let page;
const wait = (ms) => page.waitForTimeout(ms);
const goTo = async (hash) => {
  await page.evaluate((to) => (location.hash = to), `#/${hash}`);
  await page.locator('main h1').first().waitFor();
};
const testid = (name) => page.getByTestId(name);

async function home() {
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  order.url = `http://127.0.0.1:${server.address().port}/`;
  page = await visitor({ serviceWorkers: 'block' });
  await page.goto(order.url);
  await testid('since').waitFor();
  said.saw.looked = await page.evaluate(() => Date.now());
  await testid('on-air-listen').click();
  await testid('on-air').getByTestId('listen-button').nth(1).waitFor();
  said.saw.sounds = await testid('on-air').getByTestId('listen-button').allInnerTexts();
  await wait(700);
  await testid('since-seen').click();
  said.saw.quiet = { home: asked.filter((one) => one === 'GET /api/home').length };
  said.saw.seen = Date.parse(await page.evaluate(() => localStorage.getItem('loa.seen.p1')));
}

/* The phone finds the network's time and sets its own clock by an hour. */
async function phoneSetsItsClock() {
  const before = count('GET /api/me');
  await page.evaluate((jump) => { const real = Date.now; Date.now = () => real() + jump; }, HOUR_MS);
  const clock = () => testid('server-clock').innerText();
  const at = (ms) => new Date(ms).toLocaleTimeString('en-GB', { timeZone: AREA.zone, hour: '2-digit', minute: '2-digit' });
  for (let n = 0; n < 40 && count('GET /api/me') === before; n++) await wait(100);
  await wait(200);
  const shown = await clock();
  said.saw.clock = { shown, fits: [at(Date.now()), at(Date.now() - 60_000)].includes(shown) };
  await page.reload();
  await testid('on-air').waitFor();
}

/* A screen whose code does not come, and a person who went on to another one meanwhile. */
async function wentOn() {
  let refuse;
  const begun = new Promise((asking) => page.route(/assets\/Reports-.*\.js/, async (route) => {
    asking();
    await new Promise((later) => (refuse = later));
    await route.abort();
  }));
  await page.evaluate(() => (location.hash = '#/reports'));
  await begun;
  await page.evaluate(() => (location.hash = '#/'));
  await testid('on-air').waitFor();
  refuse();
  await wait(400);
  said.saw.wentOn = { refused: await testid('not-fetched').count(), home: await testid('on-air').count() };
  await page.unroute(/assets\/Reports-.*\.js/);
}

async function severalPages() {
  await goTo('stations');
  await testid('station-row').first().waitFor();
  await testid('further').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=station-row]').length === 100);
  const before = count('GET /api/stations');
  changed('stations');
  for (let n = 0; n < 60 && count('GET /api/stations') === before; n++) await wait(100);
  await wait(300);
  said.saw.rows = await testid('station-row').count();
  await testid('station-search').fill('cum 7');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=station-row]').length === 1);
  await testid('nav-stations').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=station-row]').length > 1);
  said.saw.search = await testid('station-search').inputValue();
}

async function otherMonth() {
  await goTo('reports');
  await testid('report-figure').first().waitFor();
  spoiled = { '/api/reports/monthly': 503 };
  await testid('month-before').click();
  await testid('problem').waitFor();
  said.saw.month = await testid('report-figure').count();
  spoiled = {};
}

async function otherWeek() {
  await goTo('schedule?week=2026-13-45');
  await testid('week-before').waitFor();
  await testid('agenda').waitFor();
  spoiled = { '/api/schedule': 503 };
  await testid('week-after').click();
  await testid('problem').first().waitFor();
  said.saw.week = await testid('agenda').count();
  said.saw.paper = await testid('week-paper').count();
  spoiled = {};
}

async function keysInTheLog() {
  await goTo('log');
  await testid('log-from').fill('01/02/2026');
  await testid('log-from').press('Tab');
  await page.waitForFunction(() => location.hash.includes('from=2026-02-01'));
  await wait(100);
  said.saw.focus = await page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.tagName);
}

/* An alert does not wait for what only narrows it; a key that is let go elsewhere is not held. */
async function emergency() {
  spoiled = { '/api/areas': 503, 'POST /api/alerts': 422 };
  await page.reload();
  await goTo('alerts');
  await testid('alert-clip').click();
  await testid('alert-go').waitFor();
  said.saw.told = await testid('problem').count();
  await testid('alert-go').focus();
  await page.keyboard.down(' ');
  await page.evaluate(() => document.activeElement.blur());
  await wait(1700);
  said.saw.unheld = count('POST /api/alerts');
  await page.keyboard.up(' ');
  await testid('alert-go').focus();
  await page.keyboard.down(' ');
  await page.waitForTimeout(1700);
  await page.keyboard.up(' ');
  said.saw.held = count('POST /api/alerts');
  spoiled = {};
}

async function unheard() {
  await goTo('approvals');
  await page.route('**/api/bulletins/u1/audio**', (route) => route.abort());
  await testid('listen-button').click();
  await page.locator('[data-testid=approval] .error').first().waitFor();
  said.saw.unheard = await testid('approve-button').getAttribute('aria-disabled');
}

async function keptChoice() {
  spoiled = { 'PUT /api/reports/coverage/a1': 403 };
  await goTo('coverage');
  await testid('coverage-legacy').selectOption('fm');
  await testid('problem').waitFor();
  await wait(100);
  said.saw.legacy = await testid('coverage-legacy').inputValue();
  spoiled = {};
}

/* What was chosen for one unit is not taken along to another; what was said is. */
async function otherUnit() {
  asked.length = 0;
  await goTo('compose');
  await testid('type-button').click();
  await testid('text-input').fill('Mời bà con họp.');
  await wait(1200); /* the clock ticks */
  said.saw.quiet.holidays = count('GET /api/holidays');
  await testid('where-some').click();
  spoiled = { '/api/stations': 503 };
  await testid('where-search').fill('Cụm không có ở đây');
  await page.waitForFunction(() => /mạng/.test(document.querySelector('[data-testid=where-none]')?.textContent));
  spoiled = {};
  await testid('where-search').fill('');
  await testid('target-station').first().click();
  await testid('title-input').fill('Họp thôn');
  await testid('title-input').blur();
  await page.waitForFunction(() => performance.getEntriesByName(`${location.origin}/api/bulletins`).length > 0);
  await testid('area-switch').selectOption('a2');
  await testid('draft-restored').waitFor();
  await page.waitForFunction(() => performance.getEntriesByName(`${location.origin}/api/bulletins`).length > 1);
  said.saw.unit = { areas: made.map(({ area }) => area), title: await testid('title-input').inputValue(), everywhere: await testid('where-all').isChecked() };
  await testid('draft-restored').getByRole('button').click();
  await testid('area-switch').selectOption('a1');
}

/* A controller that cannot answer now, and a file that is gone from the phone: neither is tried without a pause. */
async function notWithoutAPause() {
  spoiled = { 'POST /api/bulletins': 502 };
  const before = count('POST /api/bulletins');
  await goTo('compose');
  await testid('type-button').click();
  await testid('text-input').fill('Mời bà con họp.');
  await testid('title-input').fill('Họp thôn');
  await testid('title-input').blur();
  await testid('problem').waitFor();
  await wait(1000);
  said.saw.posts = count('POST /api/bulletins') - before;
  await page.evaluate(() => {
    window.__read = 0;
    Blob.prototype.arrayBuffer = () => { window.__read++; return Promise.reject(new DOMException('gone', 'NotReadableError')); };
  });
  await testid('file-input').setInputFiles({ name: 'a.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('x') });
  await page.locator('[data-testid=sound-state][data-state=failed]').waitFor({ state: 'attached' });
  await wait(700);
  said.saw.unreadable = { reads: await page.evaluate(() => window.__read), text: await testid('problem').innerText() };
  spoiled = {};
}

/* Somebody ended this session from another device. */
async function endedElsewhere() {
  await goTo('more');
  await testid('logout').click();
  spoiled = { 'DELETE /api/session': 401 };
  await testid('logout-anyway').click();
  await testid('login-name').waitFor();
  said.saw.person = await page.evaluate(() => localStorage.getItem('loa.person'));
  await leave(page);
  server.close();
  for (const stream of streams) stream.destroy();
}

await walk(home, phoneSetsItsClock, wentOn, severalPages, otherMonth, otherWeek, keysInTheLog, emergency, unheard, keptChoice, otherUnit, notWithoutAPause, endedElsewhere);
