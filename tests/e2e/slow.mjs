// An emergency over slow 4G (562 ms, 1.47 Mbit/s): three taps from home to the accepted order, then the counter, the
// correction and the stop; and a drill, which has to look different and say so. See chrome.mjs. It judges nothing.
//
// A browser beside two busy cores says little about seconds; what the network costs is counted in waits: requests that had
// to begin after the answer of another. Each costs one round trip.
import { leave, order, person, said, settle, shot, slowNetwork, taps, walk } from './chrome.mjs';

const HOLD_MS = 1600;
const BESIDE = ['/api/events', '/']; /* the stream, and whether a newer panel is there: nobody waits for either */
const LATE_MS = 900; /* one more round trip, for whatever comes behind what rests already */
const ANSWER_MS = 1500;
const hold = { click: (locator) => locator.click({ delay: HOLD_MS }) };

function waits(page) {
  const asked = new Map();
  const ended = [];
  page.on('request', (r) => !BESIDE.includes(new URL(r.url()).pathname) && asked.set(r, performance.now()));
  page.on('response', (r) => asked.has(r.request()) && ended.push({ from: asked.get(r.request()), to: performance.now(), path: new URL(r.url()).pathname, method: r.request().method() }));
  return (until) => {
    const last = ended.find((one) => one.method === 'POST' && one.path === until);
    const chain = [];
    for (let one = last; one; one = ended.filter((other) => other.to <= one.from).sort((a, b) => b.to - a.to)[0]) chain.unshift(`${one.method} ${one.path}`);
    return chain;
  };
}

function watchShifts() {
  window.__moved = [];
  window.__still?.disconnect();
  window.__still = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__moved.push([entry.value, entry.sources.slice(0, 2).map((s) => s.node?.className ?? s.node?.nodeName).join()]);
  });
  window.__still.observe({ type: 'layout-shift' });
}

async function emergency() {
  const page = await person('operator');
  await page.getByTestId('server-clock').waitFor();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((one) => /Alerts-.*\.js/.test(one.name))); /* fetched ahead */
  await slowNetwork(page);
  /* slower than the counter asks: each answer is waited for, or none would ever be shown */
  await page.route(/\/api\/alerts\?/, (route) => setTimeout(() => void route.continue().catch(() => {}), ANSWER_MS));
  const count = waits(page);
  const tap = taps('emergency');
  const began = performance.now();
  await tap(page.getByTestId('alert-alerts'));
  await tap(page.getByTestId('alert-clip').first());
  await tap({ click: () => hold.click(page.getByTestId('alert-go')) });
  await page.locator('[data-testid=alert][data-state=active]').waitFor();
  said.saw.ms = Math.round(performance.now() - began);
  said.saw.waits = count('/api/alerts');
  said.saw.counter = await page.getByTestId('alert-count').innerText();
  await page.getByTestId('alert-count').filter({ hasText: order.sounded }).waitFor({ timeout: 45000 });
  await shot(page, 'emergency-slow', true);

  /* one tap opens the correction, one tap stops */
  await page.getByTestId('alert-correct').click();
  said.saw.correction = await page.getByTestId('alert-clip').count();
  const stop = taps('stop alert');
  await stop(page.getByTestId('alert-stop').first());
  await page.locator('[data-testid=alert][data-state=cancelled]').waitFor();
  await leave(page);
}

async function drill() {
  const page = await person('operator');
  await page.getByTestId('alert-alerts').click();
  await page.getByTestId('drill-mode').check();
  said.saw.told = await page.getByRole('status').first().innerText();
  await page.getByTestId('alert-clip').first().click();
  const look = () => page.getByTestId('alert-order').evaluate((e) => [getComputedStyle(e).borderTopColor, getComputedStyle(e).backgroundImage !== 'none', e.querySelector('h2').innerText]);
  said.saw.drill = await look();
  await shot(page, 'drill', true);
  await page.getByTestId('drill-mode').uncheck();
  said.saw.real = await look();
  await leave(page);
}

/* Each tab for the first time on this phone: its code, then what it shows. A chain is one answer after the other. */
const TABS = ['schedule', 'compose', 'stations', 'log', 'home'];
async function everyTab() {
  const page = await person('leader', { serviceWorkers: 'block' }); /* the worker would bring some of the code beforehand */
  await page.getByTestId('on-air').waitFor();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((one) => /Alerts-.*\.js/.test(one.name)));
  await slowNetwork(page);
  said.saw.tabs = {};
  for (const name of TABS) {
    const asked = new Map(), ended = [];
    const begin = (r) => !BESIDE.includes(new URL(r.url()).pathname) && asked.set(r, performance.now());
    const end = (r) => asked.has(r.request()) && ended.push({ from: asked.get(r.request()), to: performance.now(), path: new URL(r.url()).pathname });
    page.on('request', begin);
    page.on('response', end);
    await page.evaluate(watchShifts);
    await page.getByTestId(`nav-${name}`).click();
    const at_once = await page.locator('main').evaluate((main) => ({ title: main.querySelector('h1')?.innerText, busy: !!main.querySelector('[aria-busy=true]') }));
    await settle(page);
    await page.waitForTimeout(LATE_MS);
    const chain = [];
    for (let one = ended.sort((a, b) => b.to - a.to)[0]; one; one = ended.filter((other) => other.to <= one.from).sort((a, b) => b.to - a.to)[0]) chain.unshift(one.path);
    said.saw.tabs[name] = { ...at_once, chain, asked: ended.map(({ path }) => path), moved: await page.evaluate(() => window.__moved) };
    page.off('request', begin);
    page.off('response', end);
  }
  await leave(page);
}

const PARTS = { emergency, drill, everyTab };
await walk(...(order.only ?? Object.keys(PARTS)).map((name) => PARTS[name]));
