// Pictures of the panel's screens on a phone and on a desk, from a running controller.
//
//   node tests/e2e/screens.mjs URL LOGIN PASSWORD DIR [screen...]       (see docs/screenshots/README.md)
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

const [url, login, password, folder, ...chosen] = process.argv.slice(2);
const here = path.dirname(new URL(import.meta.url).pathname);
const { chromium } = createRequire(pathToFileURL(path.join(here, '../../web-admin/package.json')))('playwright-core');
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const SCREENS = { home: '', compose: 'compose', log: 'log', schedule: 'schedule', stations: 'stations', approvals: 'approvals' };

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
});
try {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const page = await (await browser.newContext({ viewport, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' })).newPage();
    await page.goto(url);
    await page.getByTestId('login-name').fill(login);
    await page.getByTestId('login-password').fill(password);
    await page.getByTestId('login-submit').click();
    await page.getByTestId('account-link').first().waitFor({ state: 'attached' });
    for (const [name, route] of Object.entries(SCREENS)) {
      if (chosen.length && !chosen.includes(name)) continue;
      await page.goto(`${url}#/${route}`);
      await page.waitForTimeout(1500); // lists arrive, the event stream settles
      await page.screenshot({ path: path.join(folder, `${name}-${size}.png`) });
    }
  }
} finally {
  await browser.close();
}
