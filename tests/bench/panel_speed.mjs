// How quick the panel is in Debian's Chromium against a real controller: bytes and time of a visit over a slow phone
// network, how long a touch waits, what moves under the finger, and what a tab does while all stations report.
//
//   node panel_speed.mjs '{"url", "login", "password", "times", "seconds", "only": ["visit","touch","events"]}'
//
// Prints one JSON line. It judges nothing. Slow 4G: 562 ms round trip, 1.47 Mbit/s, processor four times slower.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const order = JSON.parse(process.argv[2]);
const here = path.dirname(new URL(import.meta.url).pathname);
const require = createRequire(pathToFileURL(path.join(here, '../../web-admin/package.json')));
const { chromium } = require('playwright-core');

const SLOW = { offline: false, latency: 562, downloadThroughput: 1.47e6 / 8, uploadThroughput: 1.47e6 / 8 };
const CPU = 4;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', ignoreHTTPSErrors: true,
  serviceWorkers: 'block' /* what a worker fetches is not slowed down with its page: the times would flatter */ };
const USABLE = '[data-testid=on-air]'; /* home with its data: what plays, and every button */
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const round = (value, digits = 0) => Number(value.toFixed(digits));

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
});
const said = {};

/* Runs in the page before anything else. */
function watch(usable) {
  window.__seen = { usable: 0, shifts: [], events: [], streams: 0, changed: 0, asked: 0 };
  const seen = window.__seen;
  const look = () => {
    if (!seen.usable && document.querySelector(usable)) seen.usable = performance.now();
    if (!seen.usable) requestAnimationFrame(look);
  };
  look();
  const name = (node) => {
    if (!node || !node.closest) return node ? node.nodeName : '?';
    const owner = node.closest('[data-testid]');
    return `${node.tagName.toLowerCase()}.${node.className}${owner ? `@${owner.dataset.testid}` : ''}`;
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (!entry.hadRecentInput) seen.shifts.push({ value: entry.value, at: entry.startTime, nodes: entry.sources.map((s) => `${name(s.node)} ${Math.round(s.previousRect.y)}→${Math.round(s.currentRect.y)}`) });
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) seen.events.push({ ms: entry.duration, id: entry.interactionId, what: `${entry.name} ${name(entry.target)}` });
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  const plain = window.fetch;
  window.fetch = async (...given) => {
    const answer = await plain(...given);
    const at = String(given[0]?.url ?? given[0]);
    if (!at.includes('/api/')) return answer;
    if (!at.includes('/api/events') || !answer.body) return seen.asked++, answer;
    seen.streams++;
    const [ours, theirs] = answer.body.tee();
    const reader = ours.getReader(), decoder = new TextDecoder();
    void (async () => {
      for (;;) {
        const { done, value } = await reader.read().catch(() => ({ done: true }));
        if (done) return void seen.streams--;
        seen.changed += decoder.decode(value, { stream: true }).split('event: changed').length - 1;
      }
    })();
    return new Response(theirs, { status: answer.status, headers: answer.headers });
  };
}

async function open(state) {
  const context = await browser.newContext({ ...PHONE, storageState: state });
  await context.addInitScript(watch, USABLE);
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  return { context, page, wire };
}

const slow = async (wire) => {
  await wire.send('Network.emulateNetworkConditions', SLOW);
  await wire.send('Emulation.setCPUThrottlingRate', { rate: CPU });
};
const usable = (page) => page.waitForFunction(() => window.__seen.usable > 0).then(() => page.evaluate(() => window.__seen.usable));
const settled = async (page) => {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
  await page.waitForTimeout(300);
};

async function logIn() {
  const { context, page } = await open();
  await page.goto(order.url);
  await page.getByTestId('login-name').fill(order.login);
  await page.getByTestId('login-password').fill(order.password);
  await page.getByTestId('login-submit').click();
  await page.locator(USABLE).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/* --- a visit ---------------------------------------------------------------------------------- */

/* What comes over the wire until the page rests: all, and what is not data of the day. */
async function weigh(state) {
  const { context, page, wire } = await open(state);
  const kinds = new Map();
  let bytes = 0, files = 0;
  wire.on('Network.responseReceived', (e) => kinds.set(e.requestId, e.response.url));
  wire.on('Network.loadingFinished', (e) => {
    bytes += e.encodedDataLength;
    if (!kinds.get(e.requestId)?.includes('/api/')) files += e.encodedDataLength;
  });
  await page.goto(order.url);
  await usable(page);
  await page.waitForTimeout(1500);
  await context.close();
  return { bytes, files };
}

async function visits(state) {
  const cold = [], warm = [];
  for (let i = 0; i < order.times; i++) {
    const { context, page, wire } = await open(state);
    await slow(wire);
    await page.goto(order.url, { waitUntil: 'commit' });
    cold.push(await usable(page));
    await page.waitForTimeout(3000); /* the rest of the visit goes into the cache */
    await page.goto('about:blank');
    await page.goto(order.url, { waitUntil: 'commit' });
    warm.push(await usable(page));
    await context.close();
  }
  return { cold_ms: round(median(cold)), warm_ms: round(median(warm)), cold_all_ms: cold.map((v) => round(v)), warm_all_ms: warm.map((v) => round(v)) };
}

/* --- touching --------------------------------------------------------------------------------- */

const press = async (locator) => {
  await locator.first().tap();
  await locator.page().waitForTimeout(250);
};
const maybe = async (locator) => (await locator.count()) > 0 && press(locator);

const SCREENS = {
  home: ['', async (page) => {
    await press(page.getByTestId('more-link'));
    await press(page.getByTestId('nav-home'));
    await page.locator(USABLE).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
  }],
  schedule: ['schedule', async (page) => {
    await maybe(page.getByTestId('week-after'));
    await maybe(page.getByTestId('week-before'));
    await maybe(page.getByTestId('agenda-item'));
    await page.keyboard.press('Escape');
  }],
  log: ['log', async (page) => {
    await page.getByTestId('log-outcome').selectOption('missed');
    await settled(page);
    await press(page.getByTestId('log-outcome'));
    await page.keyboard.press('Escape');
    await maybe(page.getByTestId('log-station-search'));
    await page.keyboard.type('ben 11', { delay: 60 });
    await settled(page);
  }],
  compose: ['compose', async (page) => {
    await press(page.getByTestId('type-button'));
    await press(page.getByTestId('text-input'));
    await page.keyboard.type('Mời bà con đi họp thôn lúc 19 giờ.', { delay: 40 });
    await press(page.getByTestId('title-input'));
    await page.keyboard.type('Họp thôn', { delay: 40 });
    await press(page.getByTestId('where-some'));
    await maybe(page.getByTestId('where-search'));
    await page.keyboard.type('ben 11', { delay: 60 });
    await page.waitForTimeout(600);
    await maybe(page.getByTestId('target-station'));
  }],
  stations: ['stations', async (page) => {
    await press(page.getByTestId('station-search'));
    await page.keyboard.type('thuong 4', { delay: 60 });
    await page.waitForTimeout(600);
    await settled(page);
  }],
};

/* The largest sum within windows of five seconds with gaps below one (web.dev/cls). */
function cls(shifts) {
  let worst = 0, sum = 0, first = 0, last = -Infinity;
  for (const { value, at } of shifts) {
    if (at - last > 1000 || at - first > 5000) [sum, first] = [0, at];
    [sum, last] = [sum + value, at];
    worst = Math.max(worst, sum);
  }
  return worst;
}

async function touch(state, name) {
  const [address, act] = SCREENS[name];
  const { context, page, wire } = await open(state);
  await wire.send('Emulation.setCPUThrottlingRate', { rate: CPU });
  await page.goto(`${order.url}#/${address}`);
  await settled(page);
  await page.waitForTimeout(1200); /* late banners count */
  const problem = await act(page).then(() => '', (error) => String(error).split('\n')[0]);
  await page.waitForTimeout(400);
  const { shifts, events } = await page.evaluate(() => window.__seen);
  await context.close();
  const worst = events.reduce((most, one) => (one.ms > most.ms ? one : most), { ms: 0, what: '' });
  return {
    inp_ms: worst.ms, inp_at: worst.what, touches: new Set(events.map((e) => e.id)).size, cls: round(cls(shifts), 4),
    moved: shifts.sort((a, b) => b.value - a.value).slice(0, 3).map((s) => `${round(s.value, 3)} ${s.nodes.slice(0, 3).join(', ')}`), ...(problem && { problem }),
  };
}

/* --- a tab while all stations report ----------------------------------------------------------- */

async function listen(state) {
  const { context, page, wire } = await open(state);
  await wire.send('Performance.enable');
  await page.goto(order.url);
  await usable(page);
  await page.waitForTimeout(2000);
  const busy = async () => (await wire.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value;
  const before = await page.evaluate(() => ({ ...window.__seen })), began = Date.now(), cpu = await busy();
  await page.waitForTimeout(order.seconds * 1000);
  const after = await page.evaluate(() => ({ ...window.__seen })), took = (Date.now() - began) / 1000;
  const answer = {
    events_per_s: round((after.changed - before.changed) / took, 2), requests_per_s: round((after.asked - before.asked) / took, 2),
    tab_cpu_share: round((await busy() - cpu) / took, 3), streams: after.streams,
  };
  await context.close();
  return answer;
}

const state = await logIn();
if (order.only.includes('visit')) {
  said.first_visit = await weigh(state);
  said.slow_4g = await visits(state);
}
if (order.only.includes('touch')) for (const name of order.screens ?? Object.keys(SCREENS)) said[name] = await touch(state, name);
if (order.only.includes('events')) said.events = await listen(state);
await browser.close();
console.log(JSON.stringify(said));
