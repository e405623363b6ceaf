// The panel opened where nobody answers: from what its worker has kept. See chrome.mjs; besides "panel" (the folder that the
// controller serves; it gets another edition) and "other" (a controller that knows nobody). It judges nothing.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { leave, logIn, order, said, settle, visitor, walk } from './chrome.mjs';
import { way } from './way.mjs';

const RECORD_MS = 1500;
let line, page;

/* What the page's policy refused is told by each document before it goes. */
async function reload(of = page) {
  said.csp.push(...(await of.evaluate(() => window.__csp)));
  await of.reload();
}
const kept = () => page.evaluate(async () => {
  const all = [];
  for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) all.push(`${name} ${new URL(url).pathname}`);
  return all;
});
const entry = (of = page) => of.evaluate(() => new URL(document.querySelector('script[type=module]:not([async])').src).pathname);
const whole = (edition) => page.evaluate(async (wanted) => {
  for (;; await new Promise((looked) => setTimeout(looked, 50))) {
    const { installing, waiting, active } = await navigator.serviceWorker.ready;
    if (installing || waiting || active.state !== 'activated') continue;
    for (const name of await caches.keys()) if ((await (await (await caches.open(name)).match('/'))?.text())?.includes(wanted)) return;
  }
}, edition);

/* First visit: the worker comes once the first screen stands, and fetches nothing that is there already. */
async function firstVisit() {
  line = await way(order.url);
  order.url = line.url;
  page = await visitor();
  await logIn(page, 'operator', order.accounts.operator);
  await page.getByTestId('on-air').waitFor();
  said.saw.early = await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length));
  said.saw.edition = await entry();
  await whole(said.saw.edition);
  const assets = line.asked.filter((one) => one.startsWith('/assets/'));
  said.saw.fetched = [assets.length, new Set(assets).size];
}

async function recordWithoutALine() {
  line.close();
  await page.evaluate(() => (location.hash = '#/compose'));
  await page.getByTestId('record-button').click();
  await page.getByTestId('stop-record').waitFor();
  await page.getByTestId('title-input').fill('Ghi lúc mất mạng');
  await page.getByTestId('date-input').fill(order.day);
  await page.getByTestId('time-input').fill('06:00');
  await page.waitForTimeout(RECORD_MS);
  await page.getByTestId('stop-record').click();
  await page.getByTestId('listen-own').waitFor();
  await page.evaluate(() => (location.hash = '#/'));
  await page.getByTestId('title-input').waitFor({ state: 'detached' });
}

async function openWithoutALine() {
  await reload();
  await page.getByTestId('away').waitFor();
  const colour = (name) => page.locator(`.${name}`).count();
  said.saw.away = { bar: await page.getByTestId('offline-bar').innerText(), text: await page.getByTestId('away').innerText(), state: await page.getByTestId('connection').getAttribute('data-state'),
    green: (await colour('good')) + (await colour('ok')), frame: await page.locator('header').innerText() };
  const second = await page.context().newPage();
  await second.goto(`${order.url}#/stations`);
  said.saw.second = await second.getByTestId('away').innerText();
  await page.getByTestId('away-compose').click();
  await page.getByTestId('draft-restored').waitFor();
  said.saw.draft = [await page.getByTestId('title-input').inputValue(), await page.getByTestId('time-input').inputValue(), await page.getByTestId('listen-own').count()];
  await page.getByTestId('title-input').fill('Ghi lúc mất mạng, sửa lại');
  return second;
}

/* The line is back: without a touch the person is known again and the recording goes up; the order waits for a hand. */
async function lineIsBack(second) {
  const orders = [];
  page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/api/broadcasts') && orders.push(r.url()));
  line.open();
  await page.getByTestId('offline-bar').waitFor({ state: 'detached' });
  await page.locator('[data-testid=sound-state][data-state=ready]').waitFor();
  await second.getByTestId('station-search').waitFor();
  said.saw.back = { title: await page.getByTestId('title-input').inputValue(), before: orders.length, state: await page.getByTestId('connection').getAttribute('data-state') };
  await page.getByTestId('submit-button').click();
  await page.getByTestId('sent').waitFor();
  said.saw.orders = orders.length;
  await second.close();
}

/* Another edition of the same panel: every script and style has another name, as after a build. */
function upgrade() {
  const assets = path.join(order.panel, 'assets');
  const names = new Map(readdirSync(assets).filter((n) => /-[\w-]{8}\.(js|css)$/.test(n)).map((n) => [n, n.replace(/.(\.\w+)$/, '~$1')]));
  const any = new RegExp([...names.keys()].map((n) => n.replaceAll('.', '\\.')).join('|'), 'g');
  const change = (file, to) => {
    const text = readFileSync(file, 'utf8').replace(any, (n) => names.get(n)).replace(/"edition":"\w+"/, '"edition":"second"');
    for (const old of [file, `${file}.br`, `${file}.gz`]) rmSync(old, { force: true });
    writeFileSync(to, text);
  };
  for (const [old, fresh] of names) change(path.join(assets, old), path.join(assets, fresh));
  for (const name of ['index.html', 'sw.js']) change(path.join(order.panel, name), path.join(order.panel, name));
}

async function newEdition() {
  await page.getByTestId('compose-again').click();
  await page.getByTestId('title-input').fill('Đang gõ dở');
  upgrade();
  line.open(); /* the controller that was upgraded broke the stream */
  await page.getByTestId('newer-panel').waitFor();
  said.saw.newer = [await page.getByTestId('newer-panel').innerText(), await page.getByTestId('title-input').inputValue()];
  await page.getByTestId('newer-panel').getByRole('button').click();
  await page.waitForFunction((old) => new URL(document.querySelector('script[type=module]:not([async])').src).pathname !== old, said.saw.edition);
  await page.getByTestId('draft-restored').waitFor();
  said.saw.upgraded = { entry: await entry(), title: await page.getByTestId('title-input').inputValue(), told: await page.getByTestId('newer-panel').count() };
  await whole(said.saw.upgraded.entry);
  if (order.long) line.block(); /* takes everything and answers nothing: a wait of some seconds */
  else line.close();
  await page.evaluate(() => (location.hash = '#/'));
  await reload();
  await page.getByTestId('away').waitFor();
  said.saw.alone = await entry();
  line.open();
  await page.getByTestId('on-air').waitFor();
  said.saw.kept = await kept();
}

/* In a second tab the same person records at that moment: it must leave nothing either. */
async function logOut() {
  const second = await page.context().newPage();
  await second.goto(`${order.url}#/compose`);
  await second.getByTestId('draft-restored').waitFor();
  await second.getByTestId('record-button').click();
  await second.getByTestId('stop-record').waitFor();
  await page.getByTestId('more-link').click();
  await page.getByTestId('logout').click();
  said.saw.asked = await page.getByTestId('logout-draft').innerText();
  await page.getByTestId('logout-anyway').click();
  await page.getByTestId('login-name').waitFor();
  await second.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))).catch(() => {}); /* what a hand does that turns to the tab; it is being left */
  await second.getByTestId('login-name').waitFor();
  said.saw.secondTab = { expired: await second.locator('.note').count(), recording: await second.getByTestId('stop-record').count() };
  await second.close();
  said.saw.left = await page.evaluate(async () => {
    const open = await new Promise((done) => { const asked = indexedDB.open('loa', 1); asked.onsuccess = () => done(asked.result); });
    const drafts = await new Promise((done) => { const asked = open.transaction('drafts').objectStore('drafts').getAllKeys(); asked.onsuccess = () => done(asked.result); });
    return { drafts, names: Object.keys(localStorage).filter((key) => !key.startsWith('loa.seen.')).sort() };
  });
  await page.getByTestId('login-name').fill('operator');
  await page.getByTestId('login-password').fill('không phải');
  await page.getByTestId('login-submit').click();
  const refused = page.getByTestId('problem');
  await refused.waitFor();
  said.saw.refused = [await refused.innerText()];
  for (const language of ['en', 'vi']) {
    await page.getByTestId(`language-${language}`).click();
    await page.locator(`html[lang=${language}]`).waitFor();
    said.saw.refused.push(await refused.innerText());
  }
  line.close();
  await reload();
  await page.getByRole('heading', { name: 'Không có mạng' }).waitFor();
  said.saw.nobody = await page.locator('[data-testid=away], [data-testid=nav-home]').count();
}

/* Whoever used the panel of a demo finds another one at the same address: other people, other keys. */
async function anotherController() {
  line.open();
  await logIn(page, 'operator', order.accounts.operator);
  await page.getByTestId('on-air').waitFor();
  line.lead(order.other);
  await reload();
  await page.getByTestId('setup-token').waitFor();
  said.saw.wiped = await entry();
  await settle(page).catch(() => {});
  await leave(page);
  line.end();
}

await walk(firstVisit, recordWithoutALine, async function withoutALine() { await lineIsBack(await openWithoutALine()); }, newEdition, logOut, anotherController);
