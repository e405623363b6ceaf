// What every walk through the panel shares: Debian's Chromium, a person who logs in, taps that are counted, and what no
// screen may show. A script is started with one JSON order and ends with one JSON line, `said`; it judges nothing.
//
//   order: {"url", "accounts": {LOGIN: PASSWORD}, "shots": FOLDER, "pictures": whether somebody will look at them,
//           "browser"?: address of a browser that runs already}
//
// A tap is one click or one key that decides; filling in a field is none.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export const order = JSON.parse(process.argv[2]);
const here = path.dirname(new URL(import.meta.url).pathname);
const require = createRequire(pathToFileURL(path.join(here, '../../web-admin/package.json')));
const { chromium } = require('playwright-core');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const ARGS = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'];
const SHOT_MS = 60000; /* a picture judges nothing */
const HEARD_S = 0.2, HEARD_MS = 15000;
const TARGET_PX = 43.5; /* 44 and what rounding takes */
const LETTER_PX = 14; /* smaller is not read at arm's length */
const FOCUSED_MOST = 40; /* of one screen; a longer list repeats itself */
const SLOW_4G = { offline: false, latency: 562, downloadThroughput: (1.47e6 / 8) | 0, uploadThroughput: (0.7e6 / 8) | 0 };

export const said = { taps: {}, saw: {}, axe: [], csp: [], errors: [], wide: [], small: [], unseen: [], cut: [], same: [] };

const launched = { executablePath: '/usr/bin/chromium', args: [...ARGS, ...(order.label ? [`--use-file-for-fake-video-capture=${order.label}`] : []),
  ...(order.microphone ? [`--use-file-for-fake-audio-capture=${order.microphone}`] : [])] };
export const serve = () => chromium.launchServer(launched);
export const browser = order.serve ? null : await (order.browser ? chromium.connect(order.browser) : chromium.launch(launched));

/* Chromium itself reports each refusal as an error: nobody logged in yet, a mistake in a form, a sound still to come; and the gateway that a walk puts between; and that its worker cannot be fetched anew without a line. */
const EXPECTED = /status of (4\d\d|502)|error occurred when fetching the script|ERR_(INTERNET_DISCONNECTED|FAILED|CONNECTION_|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED)/;

function watch(page) {
  page.setDefaultTimeout(20000);
  page.on('console', (m) => m.type() === 'error' && !EXPECTED.test(m.text()) && said.errors.push(`${page.url().split('#')[1] ?? ''}: ${m.text()}`));
  page.on('pageerror', (error) => said.errors.push(`${page.url().split('#')[1] ?? ''}: ${error.stack?.slice(0, 400) ?? error}`));
}

export async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', reducedMotion: 'reduce', ...options });
  await context.addInitScript(() => {
    window.__csp = [];
    document.addEventListener('securitypolicyviolation', (event) => window.__csp.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  context.on('page', watch);
  return context.newPage();
}

export async function logIn(page, login, password) {
  await page.goto(order.url);
  await page.getByTestId('login-name').fill(login);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
}

/* Whoever has logged in once in this script is let in by the cookie; everything else of a context is new. */
const cookies = new Map();

/** What a person who has logged in here asks of the controller, beside the browser. */
export async function ask(login, method, path, body) {
  const cookie = cookies.get(`${login} ${order.url}`).map((one) => `${one.name}=${one.value}`).join('; ');
  const headers = { 'X-Loa': '1', Cookie: cookie, ...(method !== 'GET' && { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() }) };
  const answer = await fetch(new URL(path, order.url), { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}
export async function person(login, options = {}) {
  const page = await visitor(options);
  const known = `${login} ${order.url}`;
  if (cookies.has(known)) {
    await page.context().addCookies(cookies.get(known));
    await page.goto(order.url);
  } else await logIn(page, login, order.accounts[login]);
  await page.getByTestId('nav-home').waitFor();
  cookies.set(known, await page.context().cookies());
  return page;
}

export async function leave(page) {
  said.csp.push(...(await page.evaluate(() => window.__csp)));
  await page.context().close();
}

export function taps(name) {
  said.taps[name] = 0;
  return async (locator, ...press) => {
    said.taps[name]++;
    await (press.length > 0 ? locator.press(...press) : locator.click());
  };
}

/** Of what is only looked at: kept where somebody wants to look (LOA_SHOTS). */
export const picture = async (page, name, fullPage) => order.pictures && shot(page, name, fullPage);
export const shot = (page, name, fullPage = false) => page.screenshot({ path: path.join(order.shots, `${name}.png`), fullPage, timeout: SHOT_MS });

/** Seconds that were heard of the sound there, once it has moved. */
export const heard = (place) => place.locator('audio').evaluate((audio, [least, most]) => new Promise((done) => {
  audio.addEventListener('timeupdate', () => audio.currentTime > least && done(audio.currentTime));
  setTimeout(() => done(audio.currentTime), most);
}), [HEARD_S, HEARD_MS]);

export async function open(page, address) {
  await page.goto(`${order.url}#/${address}`);
  await settle(page);
}

export async function settle(page) {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
  await page.mouse.move(0, 0);
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
}

/** One session of the debugger for each page: conditions set in another one would stay. */
export const devtools = async (page) => (page.devtools ??= await page.context().newCDPSession(page));

export const slowNetwork = async (page) => (await devtools(page)).send('Network.emulateNetworkConditions', SLOW_4G);
export const network = async (page, offline) =>
  (await devtools(page)).send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });

/* --- what no screen may show ------------------------------------------------------------------- */

export async function wide(page, where) {
  const [inside, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if (inside > window) said.wide.push(`${where}: ${inside}`);
}

/* The page's policy forbids a script of ours; the debugger may run one all the same. */
export async function axe(page, where, rules = null) {
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); }); /* what lies below the bar of the frame is not what a person looks at */
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const found = await page.evaluate((only) => window.axe.run({ runOnly: only, resultTypes: ['violations'] }), rules ?? { type: 'tag', values: RULES });
  said.axe.push(...found.violations.map((v) => `${where}: ${v.id}: ${v.nodes[0].target} ${v.nodes[0].failureSummary ?? ''}`));
}
export const COLOURS = { type: 'rule', values: ['color-contrast'] };

/* What a finger has to hit. A link inside a sentence is exempt (WCAG 2.5.8), and so is a box whose label is the target. */
export async function small(page, where) {
  const found = await page.evaluate((least) => {
    const seen = (e) => e.offsetParent && e.checkVisibility({ visibilityProperty: true });
    const inText = (e) => e.matches('a:not(.btn)') && e.parentElement.matches('p, li, td, th, dd, span') && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const area = (e) => (e.matches('input[type=checkbox], input[type=radio]') ? (e.closest('label') ?? e) : e).getBoundingClientRect();
    return [...document.querySelectorAll('a, button, input, select, textarea, summary, [role=button], [tabindex="0"]:not([role=region])')]
      .filter((e) => seen(e) && !e.matches('.hide, .skip, [type=hidden]') && !inText(e) && !e.closest('.leaflet-control-attribution'))
      .map((e) => [e, area(e)]).filter(([, box]) => box.height < least || box.width < Math.min(least, 24))
      .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 90)}`);
  }, TARGET_PX);
  said.small.push(...found.map((one) => `${where}: ${one}`));
}

/* What is written is read whole: no letters too small, cut off at an edge, printed over others or below the edge of a
   question, no facts in a strip of a few letters; and what is pressed or read stands apart from its neighbour. The items of the week on a desk end in dots and are whole in their sheet. */
export async function cut(page, where) {
  const found = await page.evaluate((least) => {
    const bad = [], lines = [];
    const name = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} "${(e.placeholder || e.textContent).trim().slice(0, 50)}"`;
    const aside = (e) => e.closest('[data-testid=week-item], [data-testid=week-pile], .leaflet-container, .hide, .skip, option, .veil') || [...function* () { for (let at = e; at; at = at.parentElement) yield at; }()].some((at) => getComputedStyle(at).clipPath !== 'none');
    const root = [...document.querySelectorAll('.sheet')].at(-1) ?? document.body;
    const all = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (all.nextNode()) {
      const text = all.currentNode, e = text.parentElement;
      if (!/[\p{L}\p{N}]/u.test(text.data) || !e.checkVisibility({ visibilityProperty: true }) || aside(e) || e.matches('script, style')) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
      const size = parseFloat(getComputedStyle(e).fontSize);
      if (size * (e.getScreenCTM?.().a ?? 1) < (e.closest('svg') ? least - 3 : least)) bad.push(`too small: ${name(e)}`);
      if (boxes.length > 3 && Math.max(...boxes.map((box) => box.width)) < 5 * size) bad.push(`a strip of letters: ${name(e)}`);
      let scrolls = false;
      for (let at = e; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at), edge = at.getBoundingClientRect();
        if (style.overflowX !== 'visible' && boxes.some((box) => box.right > edge.right + 1 || box.left < edge.left - 1)) bad.push(`cut off: ${name(e)}`);
        if (style.overflowY !== 'visible' || style.position === 'fixed' || style.position === 'sticky') scrolls = true;
        if (at === root) break;
      }
      if (boxes.some((box) => box.right > innerWidth + 1 || box.left < -1)) bad.push(`beyond the page: ${name(e)}`);
      if (!scrolls || root !== document.body) lines.push(...boxes.map(({ left, right, top, bottom }) => [e, { left, right, top: (top + bottom - size) / 2, bottom: (top + bottom + size) / 2 }]));
    }
    lines.sort(([, a], [, b]) => a.top - b.top);
    for (const [n, [e, box]] of lines.entries())
      for (let k = n + 1; k < lines.length && lines[k][1].top < box.bottom - 2; k++) {
        const [other, over] = lines[k];
        if (e !== other && Math.min(box.right, over.right) - Math.max(box.left, over.left) > 3) bad.push(`over each other: ${name(e)} and ${name(other)}`);
      }
    const pen = document.createElement('canvas').getContext('2d');
    for (const e of root.querySelectorAll('input:placeholder-shown, [inputmode=numeric], [readonly], select')) {
      if (!e.checkVisibility() || aside(e)) continue;
      const style = getComputedStyle(e), arrow = e.matches('select') ? 18 : 0, written = e.matches('input') && !e.readOnly ? e.value : '';
      pen.font = `${style.fontWeight} ${written ? style.fontSize : getComputedStyle(e, '::placeholder').fontSize || style.fontSize} ${style.fontFamily}`;
      const wanted = pen.measureText(written || e.placeholder || (e.selectedOptions ? (e.selectedOptions[0]?.text ?? '') : '')).width;
      if (wanted > e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow + 1 || e.scrollHeight > e.clientHeight + 2) bad.push(`cut off: ${name(e)}`);
    }
    const apart = [...root.querySelectorAll('.btn, .note, .pick, input:not([type=checkbox], [type=radio]), select, textarea')].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !aside(e) && !e.closest('header, nav'));
    const edges = apart.map((e) => [e, e.getBoundingClientRect(), e.closest('.pick')]);
    for (const [e, box, list] of edges)
      for (const [other, under, inside] of edges)
        if (list === inside && Math.abs(under.top - box.bottom) < 2 && Math.min(box.right, under.right) - Math.max(box.left, under.left) > 3) bad.push(`no room between: ${name(e)} and ${name(other)}`);
    for (const chip of root.querySelectorAll('.chip')) {
      if (!chip.checkVisibility({ visibilityProperty: true }) || aside(chip)) continue;
      const box = chip.getBoundingClientRect();
      for (const [e, over] of [...lines, ...[...root.querySelectorAll('.chip')].map((one) => [one, one.getBoundingClientRect()])])
        if (!chip.contains(e) && Math.min(box.bottom, over.bottom) - Math.max(box.top, over.top) > 3 && Math.abs(box.left - over.right) < 3) bad.push(`no room before: ${name(chip)} after ${name(e)}`);
    }
    for (const e of root.querySelectorAll('dd')) if (e.checkVisibility() && e.clientWidth < 100) bad.push(`too narrow: ${name(e)}`);
    if (root.matches('[role=alertdialog]'))
      for (const e of root.querySelectorAll('button')) if (e.getBoundingClientRect().bottom > innerHeight + 1) bad.push(`below the edge: ${name(e)}`);
    return [...new Set(bad)];
  }, LETTER_PX);
  said.cut.push(...found.map((one) => `${where}: ${one}`));
}

/* Where the system gives the colours, what only a colour told is told all the same. */
export async function forced(page, where) {
  await page.emulateMedia({ forcedColors: 'active' });
  const found = await page.evaluate(() => {
    const seen = (names) => [...document.querySelectorAll(names)].filter((e) => e.checkVisibility());
    const looks = (e) => { const { backgroundColor, borderColor, borderStyle, borderWidth } = getComputedStyle(e); return [backgroundColor, borderStyle === 'none' || borderWidth === '0px' || borderColor].join(' '); };
    const bad = [];
    const differ = (what, one, other) => one && other && looks(one) === looks(other) && bad.push(`${what}: ${one.outerHTML.slice(0, 90)}`);
    const [here, elsewhere] = [seen('nav a[aria-current=page]')[0], seen('nav a:not([aria-current])')[0]];
    differ('the page that is open', here, elsewhere);
    if (elsewhere && getComputedStyle(elsewhere).borderColor.includes(getComputedStyle(elsewhere).color)) bad.push('every entry looks chosen');
    for (const bar of seen('.bar:has(> *)')) if (getComputedStyle(bar).backgroundColor === getComputedStyle(bar.firstElementChild).backgroundColor) bad.push('how far it got');
    for (const pressed of seen('.btn[aria-pressed=true]')) differ('what is chosen', pressed, [...pressed.parentElement.children].find((e) => e.matches('[aria-pressed=false]')));
    for (const button of seen('.btn, .hold, .item, .fold')) if (looks(button).endsWith('true')) bad.push(`no edge: ${button.outerHTML.slice(0, 90)}`);
    for (const item of seen('.item.priority, .item.waiting, .item.silent')) if (!item.querySelector('svg') && getComputedStyle(item.querySelector('.name')).textDecorationLine === 'none') bad.push(`only a colour: ${item.outerHTML.slice(0, 90)}`);
    const marks = Object.values(Object.fromEntries(seen('.legend .mark').map((e) => [e.className, e])));
    for (const [n, mark] of marks.entries()) for (const other of marks.slice(n + 1)) differ('a mark of the map', mark, other);
    return bad;
  });
  said.same.push(...found.map((one) => `${where}: ${one}`));
  await page.emulateMedia({ forcedColors: 'none' });
}

/** Letters of twice the size. */
export const magnify = (page, on = true) => page.evaluate((size) => { document.documentElement.style.fontSize = size; }, on ? '212.5%' : '');

/** The panel in English, whatever the account says; nothing is stored. */
export async function inEnglish(page) {
  await page.route('**/api/me', async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    await route.fulfill({ response: answer, json: { ...me, language: 'en' } });
  });
  await page.reload();
  await page.locator('html[lang=en]').waitFor();
}

/* Whoever goes by keys sees where they are: each focused thing has a ring and is not below the bars of the frame. */
export async function focus(page, where) {
  await page.locator('main').focus();
  await page.keyboard.press('Tab');
  const found = await page.evaluate(async (most) => {
    const bad = [];
    const all = [...document.querySelectorAll('main a[href], main button, main input, main select, main textarea, main summary, main [tabindex="0"]')]
      .filter((e) => e.checkVisibility() && !e.disabled && !e.matches('.hide')).slice(0, most);
    for (const e of all) {
      e.focus();
      const style = getComputedStyle(e);
      const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
      if (document.activeElement !== e || !ring) bad.push(`no ring: ${e.outerHTML.slice(0, 90)}`);
      const box = e.getBoundingClientRect();
      const under = [...document.querySelectorAll('header, nav.rail')].some((bar) => {
        const over = bar.getBoundingClientRect();
        return box.top >= over.top - 1 && box.bottom <= over.bottom + 1 && box.left < over.right && box.right > over.left;
      });
      if (under) bad.push(`hidden below a bar: ${e.outerHTML.slice(0, 90)}`);
    }
    return bad;
  }, FOCUSED_MOST);
  said.unseen.push(...found.map((one) => `${where}: ${one}`));
}

/* --- the script as a whole --------------------------------------------------------------------- */

export async function walk(...parts) {
  try {
    for (const part of parts) {
      const began = Date.now();
      await part();
      if (process.env.LOA_TIMES) console.error(`${part.name || 'part'}: ${Date.now() - began} ms`);
    }
    console.log(JSON.stringify(said));
  } catch (error) {
    for (const [n, page] of browser.contexts().flatMap((c) => c.pages()).entries()) await shot(page, `failed-${n}`).catch(() => {});
    console.error(JSON.stringify(said));
    throw error;
  } finally {
    await browser.close();
  }
}
