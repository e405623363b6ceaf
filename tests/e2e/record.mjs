// One person records a bulletin with the browser's microphone and schedules it; another approves it.
//
//   node record.mjs '{"url", "microphone", "operator": {"login","password"}, "leader": {...},
//                     "title", "at": "HH:MM:SS", "date": "DD/MM/YYYY", "seconds", "shots", "resolve"?}'
//
// "resolve" is Chromium's --host-resolver-rules, for a name that no DNS knows.
// Drives Debian's Chromium through the panel only, as a person would: no call of the API. The
// microphone is a WAV file that Chromium plays in a loop into getUserMedia. Prints one JSON line:
// what getUserMedia was asked for, violations of the content security policy, console errors.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const order = JSON.parse(process.argv[2]);
const here = path.dirname(new URL(import.meta.url).pathname);
const require = createRequire(pathToFileURL(path.join(here, '../../web-admin/package.json')));
const { chromium } = require('playwright-core');

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--disable-sync',
    '--disable-component-update', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${order.microphone}`,
    ...(order.resolve ? [`--host-resolver-rules=${order.resolve}`] : []),
  ],
});
const said = { constraints: [], csp: [], errors: [], secure: [] };

async function person(account) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' });
  await context.addInitScript(() => {
    window.__asked = [];
    window.__csp = [];
    const devices = navigator.mediaDevices;
    if (devices) {
      const ask = devices.getUserMedia.bind(devices);
      devices.getUserMedia = (what) => { window.__asked.push(JSON.parse(JSON.stringify(what))); return ask(what); };
    }
    document.addEventListener('securitypolicyviolation', (event) => window.__csp.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  // Chromium itself reports the 401 by which the panel learns that nobody is logged in yet.
  const expected = (message) => message.location().url.endsWith('/api/me') && message.text().includes('401');
  page.on('console', (message) => message.type() === 'error' && !expected(message) && said.errors.push(message.text()));
  page.on('pageerror', (error) => said.errors.push(String(error)));
  await page.goto(order.url);
  await page.getByTestId('login-name').fill(account.login);
  await page.getByTestId('login-password').fill(account.password);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('more-link').first().waitFor();
  return page;
}

async function leave(page) {
  said.constraints.push(...(await page.evaluate(() => window.__asked)));
  said.csp.push(...(await page.evaluate(() => window.__csp)));
  said.secure.push(await page.evaluate(() => `${location.protocol} ${isSecureContext}`));
  await page.context().close();
}

async function shot(page, name) {
  if (order.shots) await page.screenshot({ path: path.join(order.shots, `${name}.png`), fullPage: false });
}

try {
  const operator = await person(order.operator);
  await operator.goto(`${order.url}#/compose`);
  await operator.getByTestId('record-button').click();
  await operator.waitForTimeout(order.seconds * 1000);
  await shot(operator, 'recording');
  await operator.getByTestId('stop-record').click();
  await operator.getByTestId('title-input').fill(order.title);
  await operator.getByTestId('when-once').click();
  await operator.getByTestId('date-input').fill(order.date);
  await operator.getByTestId('time-input').fill(order.at);
  await shot(operator, 'composed');
  await operator.getByTestId('submit-button').click();
  await operator.getByTestId('sent').waitFor({ timeout: 40000 });
  await shot(operator, 'sent');
  await leave(operator);

  const leader = await person(order.leader);
  await leader.goto(`${order.url}#/approvals`);
  await leader.getByTestId('listen-button').first().click();
  await leader.waitForTimeout(2000);
  await shot(leader, 'approval');
  await leader.getByTestId('approve-button').first().click();
  await leader.getByTestId('approval').waitFor({ state: 'detached' });
  await shot(leader, 'approved');
  await leave(leader);
  console.log(JSON.stringify(said));
} finally {
  await browser.close();
}
