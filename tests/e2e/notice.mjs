// Whether a person sees the word about backups on the home page: node notice.mjs '{"url", "login", "password"}'.
// Prints one JSON line: the notice's text in Vietnamese, or null.
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
  const told = page.waitForResponse((response) => response.url().endsWith('/healthz'), { timeout: order.expect ? 30000 : 3000 }).catch(() => null);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('server-clock').waitFor();
  await page.getByTestId('attention').waitFor();
  await told;
  const notice = page.getByTestId('backup-notice');
  if (order.expect === 'shown') await notice.waitFor();
  if (order.shot) await page.screenshot({ path: order.shot });
  console.log(JSON.stringify((await notice.count()) > 0 ? await notice.innerText() : null));
} finally {
  await browser.close();
}
