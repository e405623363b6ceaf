// What a person sees of a station's SIM, signal, volume and silence, and sets: node line.mjs '{"url", "login", "password", "station", "limit", "renamed", "shot"}'.
// Prints one JSON line of what stood on the pages.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const order = JSON.parse(process.argv[2]);
const here = path.dirname(new URL(import.meta.url).pathname);
const require = createRequire(pathToFileURL(path.join(here, '../../web-admin/package.json')));
const { chromium } = require('playwright-core');
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
});
try {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: 'vi-VN' });
  page.setDefaultTimeout(30000);
  await page.goto(order.url);
  await page.getByTestId('login-name').fill(order.login);
  await page.getByTestId('login-password').fill(order.password);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('nav-home').waitFor();
  const said = {};
  await page.goto(`${order.url}#/stations`);
  said.listed = await page.getByTestId('station-data').innerText();
  await page.goto(`${order.url}#/stations/${order.station}`);
  const line = page.getByTestId('station-line');
  await line.waitFor();
  for (const part of ['data-month', 'data-forecast', 'signal', 'sim-bytes']) said[part] = await line.getByTestId(part).innerText();
  said.faults = await page.getByTestId('fault').allInnerTexts();
  // Its volume and its silence: asked for here, done once the station has said so.
  const sound = page.getByTestId('station-sound');
  await sound.getByTestId('volume-slider').fill('-12');
  await sound.getByTestId('set-volume').click();
  await sound.locator('[data-testid=order-volume][data-state=waiting]').waitFor();
  said.waits = await sound.getByTestId('order-volume').innerText();
  await sound.locator('[data-testid=order-volume][data-state=taken]').waitFor();
  await sound.getByTestId('mute').click();
  said.unreasoned = await sound.getByTestId('field-error').innerText();
  await sound.getByTestId('mute-reason').fill('Nhà có tang');
  await sound.getByTestId('mute').click();
  said.muted = await sound.getByTestId('muted').innerText();
  said.chip = await page.locator('.head .chip').innerText();
  await sound.locator('[data-testid=order-mute][data-state=taken]').waitFor();
  await sound.getByTestId('unmute').click();
  await sound.getByTestId('mute-reason').waitFor();
  const limit = page.getByTestId('station-data_month_mb');
  const save = page.locator('form', { has: limit }).getByRole('button', { name: 'Lưu' });
  await limit.fill('nhiều');
  await save.click();
  said.wrong = await page.locator('form', { has: limit }).locator('.error').first().innerText();
  // Somebody else gives the station another name while the form is open: it is not given back.
  await page.evaluate(([id, name]) => fetch(`/api/stations/${id}`, { method: 'PATCH', headers: { 'X-Loa': '1', 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) }), [order.station, order.renamed]);
  await page.locator('h1', { hasText: order.renamed }).waitFor();
  await limit.fill(order.limit);
  await save.click();
  await page.locator('form', { has: limit }).getByRole('status').waitFor();
  if (order.shot) await page.screenshot({ path: order.shot, fullPage: true });
  said.wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  console.log(JSON.stringify(said));
} finally {
  await browser.close();
}
