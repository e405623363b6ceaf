// An operator orders an emergency on a phone, stops it, looks at a drill, and stops what sounds from the home page.
//
//   node alert.mjs '{"url", "operator": {"login","password"}, "shots", "go": FILE}'
//
// Drives Debian's Chromium through the panel only and counts the taps that a finger would need. When the home page is
// open it writes "home" on stdout and goes on once FILE exists: by then something has been put on air. Prints one JSON
// line: taps and instants (ms since 1970), faults of axe, violations of the content security policy, console errors.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const order = JSON.parse(process.argv[2]);
const here = path.dirname(new URL(import.meta.url).pathname);
const require = createRequire(pathToFileURL(path.join(here, '../../web-admin/package.json')));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
});
const said = { emergency: null, stop: null, home: null, axe: [], wide: [], csp: [], errors: [] };
const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' });
await context.addInitScript(() => {
  window.__csp = [];
  document.addEventListener('securitypolicyviolation', (event) => window.__csp.push(`${event.violatedDirective} ${event.blockedURI}`));
});
const page = await context.newPage();
page.setDefaultTimeout(20000);
const expected = (message) => (message.location().url.endsWith('/api/me') && message.text().includes('401')) || (message.location().url.includes('/api/alert-clips/') && message.text().includes('422'));
page.on('console', (message) => message.type() === 'error' && !expected(message) && said.errors.push(message.text()));
page.on('pageerror', (error) => said.errors.push(String(error)));

let taps = [];
async function tap(locator, ms = 0) {
  await locator.waitFor();
  await locator.scrollIntoViewIfNeeded();
  taps.push(Date.now());
  await locator.click({ delay: ms });
}
const shot = (name) => order.shots && page.screenshot({ path: path.join(order.shots, `${name}.png`), fullPage: true });

/* Light and dark, phone and desk, and the smallest phone of all. */
async function judge(name) {
  for (const [width, colorScheme] of [[390, 'light'], [390, 'dark'], [1280, 'light'], [320, 'light']]) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    await shot(`${name}-${width}-${colorScheme}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) said.wide.push(`${name} ${width}`);
    const { violations } = await (await inject()).run();
    for (const v of violations) said.axe.push(`${name} ${width} ${colorScheme}: ${v.id} ${v.nodes[0]?.target} ${v.nodes[0]?.failureSummary ?? ''}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
}
/* The page's policy forbids a script of ours; the debugger may run one all the same. */
async function inject() {
  await page.evaluate(axe);
  return { run: () => page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })) };
}

try {
  await page.goto(order.url);
  await page.getByTestId('login-name').fill(order.operator.login);
  await page.getByTestId('login-password').fill(order.operator.password);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('server-clock').waitFor();

  taps = [];
  await tap(page.getByTestId('alert-alerts'));
  await tap(page.getByTestId('alert-clip').first());
  await tap(page.getByTestId('alert-go'), 1600);
  await page.getByTestId('alert').first().waitFor();
  said.emergency = { taps: taps.length, first: taps[0], shown: Date.now() };
  await page.getByTestId('alert-count').filter({ hasText: order.counter }).waitFor();
  await judge('alert');

  /* A station that is offline goes on alone: the list counts such stations, the alert itself is asked for their names. */
  await page.route('**/api/alerts*', async (route) => {
    const answer = await (await route.fetch()).json();
    for (const one of answer.items ?? []) one.progress.cut_off = 1;
    await route.fulfill({ json: answer });
  });
  await page.route('**/api/alerts/*', async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, cut_off: [{ station: 'x', name: 'Trạm Cuối Xóm', last_contact: null }] } });
  });
  await page.reload();
  said.cutOff = await page.getByTestId('cut-off-station').first().innerText();
  await page.unrouteAll({ behavior: 'wait' });
  await page.reload();
  await page.getByTestId('cut-off').waitFor({ state: 'detached' });

  taps = [];
  await tap(page.getByTestId('alert-stop'));
  await page.locator('[data-testid=alert][data-state=cancelled]').waitFor();
  said.stop = { taps: taps.length };

  await page.getByTestId('drill-mode').check();
  await page.getByTestId('alert-clip').first().click();
  await page.getByTestId('alert-order').waitFor();
  await judge('drill');
  await page.getByTestId('alert-back').click();
  await page.getByTestId('manage-clips').click();
  await page.getByTestId('clip').first().waitFor();
  await page.getByTestId('clip-change').first().click();
  const edit = page.getByTestId('clip-edit');
  await edit.getByTestId('clip-title').fill('');
  await edit.getByTestId('clip-save').click();
  said.nameless = await edit.getByTestId('field-error').innerText();
  await judge('clips');
  await edit.getByTestId('clip-title').fill('Lũ về');
  await edit.getByTestId('clip-button').selectOption('2');
  await edit.getByTestId('clip-save').click();
  await edit.waitFor({ state: 'detached' });
  said.clip = await page.getByTestId('clip').filter({ hasText: 'Lũ về' }).first().innerText(); /* the list is read anew */

  await page.goto(`${order.url}#/`);
  await page.getByTestId('server-clock').waitFor();
  console.log('home');
  while (!existsSync(order.go)) await page.waitForTimeout(50);
  await page.getByTestId('stop-now').first().waitFor({ timeout: 30000 });
  await shot('home-on-air');
  taps = [];
  await tap(page.getByTestId('stop-now').first());
  await tap(page.getByTestId('confirm-yes'));
  await page.getByTestId('stop-now').first().waitFor({ state: 'detached' });
  said.home = { taps: taps.length, first: taps[0] };
  said.csp.push(...(await page.evaluate(() => window.__csp)));
  console.log(JSON.stringify(said));
} catch (error) {
  await shot('failed');
  throw error;
} finally {
  await browser.close();
}
