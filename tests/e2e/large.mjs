// A province of thousands of stations: what is listed, searched, drawn and filtered, and what moves under the finger
// while a screen fills. `cls`: the layout shift of each screen from its address to rest, and what moved.
import { leave, order, person, said, settle, walk } from './chrome.mjs';

const SCREENS = { home: '', schedule: 'schedule', log: 'log', compose: 'compose', stations: 'stations', map: 'stations/map', alerts: 'alerts', reports: 'reports', sounds: 'sounds' };
const LATE_MS = 700; /* a notice that comes late pushes what is below it */

function watchShifts() {
  window.__shifts = [];
  const name = (node) => (node?.closest ? `${node.tagName.toLowerCase()}.${node.className}@${node.closest('[data-testid]')?.dataset.testid ?? ''}` : (node?.nodeName ?? '?'));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (!entry.hadRecentInput) window.__shifts.push([entry.value, entry.sources.slice(0, 3).map((s) => `${name(s.node)} ${Math.round(s.previousRect.y)}-${Math.round(s.currentRect.y)}`).join(', ')]);
  }).observe({ type: 'layout-shift', buffered: true });
}

let page;

async function everyScreenStandsStill() {
  page = await person('admin');
  await page.addInitScript(watchShifts);
  said.saw.cls = {};
  for (const [name, address] of Object.entries(SCREENS)) {
    await page.goto('about:blank');
    await page.goto(`${order.url}#/${address}`);
    await settle(page);
    await page.waitForTimeout(LATE_MS);
    const shifts = await page.evaluate(() => window.__shifts);
    said.saw.cls[name] = { value: shifts.reduce((sum, [value]) => sum + value, 0), moved: shifts.map(([value, what]) => `${value.toFixed(3)} ${what}`) };
  }
}

async function homeKnowsAll() {
  await page.goto(`${order.url}#/`);
  await page.getByTestId('attention').waitFor();
  said.saw.home = await page.getByTestId('attention').locator('.title').innerText();
  said.saw.attention = await page.getByTestId('attention').locator('li').count();
}

/* What home needs is asked for once and all of it before any answer: on a slow line each further wait is half a second. */
const FIRST = ['/api/me', '/api/home', '/api/home/since', '/api/home/again', '/healthz'];
async function homeAsksOnce() {
  const events = [];
  const note = (what) => (message) => {
    const path = new URL(message.url()).pathname;
    if (FIRST.includes(path)) events.push(`${what} ${path}`);
  };
  const asked = note('ask'), answered = note('answer');
  await page.goto('about:blank');
  page.on('request', asked);
  page.on('response', answered);
  await page.goto(`${order.url}#/`);
  await page.getByTestId('on-air').waitFor();
  page.off('request', asked);
  page.off('response', answered);
  said.saw.early = events.slice(0, events.findIndex((event) => event.startsWith('answer'))).sort();
  said.saw.asked = events.filter((event) => event.startsWith('ask')).length;
}

async function stationsAreFound() {
  await page.goto(`${order.url}#/stations`);
  await page.getByTestId('station-row').first().waitFor();
  said.saw.firstPage = await page.getByTestId('station-row').count();
  await page.getByTestId('station-search').fill('ben 11');
  await page.waitForFunction(() => [...document.querySelectorAll('[data-testid=station-row]')].some((row) => /Bến 11/.test(row.textContent)));
  said.saw.found = await page.getByTestId('station-row').count();
  await page.goto(`${order.url}#/stations/map`);
  await page.getByTestId('map').waitFor();
  said.saw.map = await page.getByTestId('map').getAttribute('data-stations');
}

async function logIsFiltered() {
  await page.goto(`${order.url}#/log?from=${order.from}&to=${order.to}`);
  await page.getByTestId('log-group').first().waitFor();
  await page.getByTestId('log-outcome').selectOption('missed');
  /* the rows of before stay in sight for a moment, where a group stood open */
  await page.waitForFunction(() => [...new Set([...document.querySelectorAll('[data-testid=log-row]')].map((row) => row.dataset.outcome))].join() === 'missed');
  said.saw.outcomes = [...new Set(await page.getByTestId('log-row').evaluateAll((rows) => rows.map((row) => row.dataset.outcome)))];
  await page.getByTestId('log-outcome').selectOption('');
  await page.getByTestId('log-station-search').fill(order.plain);
  const option = page.getByTestId('log-station').locator('option', { hasText: order.named });
  await option.waitFor({ state: 'attached' });
  await page.getByTestId('log-station').selectOption(await option.getAttribute('value'));
  await page.waitForFunction(() => location.hash.includes('station='));
  await page.getByTestId('log-row').first().waitFor();
  said.saw.station = new URLSearchParams((await page.evaluate(() => location.hash)).split('?')[1]).get('station');
}

async function oneOfAllIsChosen() {
  await page.goto(`${order.url}#/compose`);
  await page.locator('label', { has: page.getByTestId('where-all') }).getByText(/[1-9]\d* trạm/).waitFor();
  said.saw.everywhere = await page.locator('label', { has: page.getByTestId('where-all') }).innerText();
  await page.getByTestId('where-some').click();
  await page.getByTestId('where-search').fill(order.named);
  await page.getByText(order.named, { exact: false }).first().waitFor();
  await page.getByTestId('target-station').first().click();
  said.saw.chosen = await page.locator('li', { has: page.getByTestId('target-station') }).first().innerText();
  await leave(page);
}

/* Thousands of bulletins: a page at a time, and the oldest of them is found and chosen by a few letters. */
async function theLibraryComesByPages() {
  const asked = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/api/bulletins' && !searchParams.get('author') && !searchParams.get('aired')) asked.push(searchParams.get('q') ?? '');
  });
  await page.goto(`${order.url}#/sounds`);
  const rows = page.getByTestId('bulletin');
  await rows.first().waitFor();
  said.saw.library = { asked: asked.length, rows: await rows.count(), shown: await page.getByTestId('shown').innerText(), first: await rows.first().locator('h2').innerText() };
  await page.getByTestId('further').click();
  await page.waitForFunction((before) => document.querySelectorAll('[data-testid=bulletin]').length > before, said.saw.library.rows);
  said.saw.library.further = await rows.count();
  await page.getByTestId('sound-search').pressSequentially(order.lostPlain, { delay: 20 });
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=bulletin]').length === 1);
  said.saw.library.found = await rows.first().locator('h2').innerText();
  said.saw.library.searches = asked.filter(Boolean).length;
  await page.getByTestId('sound-search').fill(order.other);
  await rows.filter({ hasText: order.other }).waitFor();
  const row = rows.filter({ hasText: order.other });
  await row.getByTestId('stand-in-change').click();
  await row.getByTestId('stand-in-search').fill(order.lostPlain);
  const option = row.getByTestId('stand-in').locator('option', { hasText: order.lost });
  await option.waitFor({ state: 'attached' });
  await row.getByTestId('stand-in').selectOption(await option.getAttribute('value'));
  await row.getByTestId('stand-in').nth(1).waitFor();
  await row.getByTestId('stand-in-search').first().fill('');
  await row.getByTestId('stand-in-found').first().filter({ hasText: '60' }).waitFor();
  said.saw.library.chosen = await row.getByTestId('stand-in').first().locator('option:checked').innerText();
}

await walk(everyScreenStandsStill, homeKnowsAll, homeAsksOnce, stationsAreFound, logIsFiltered, theLibraryComesByPages, oneOfAllIsChosen);
