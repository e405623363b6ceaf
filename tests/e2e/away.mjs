// Every screen without a network. First all of them with only what is in the browser already: each says in words that there
// is no connection, and becomes itself when the line is back, without a touch. Then, with everything there: what somebody
// has typed outlives the loss and the return of the line. See chrome.mjs. It judges nothing; test_away.py does.
import { leave, network as line, order, person, said, settle, visitor, walk } from './chrome.mjs';

const SCREENS = ['schedule', 'compose', 'stations', `stations/${order.station}`, 'stations/add', 'stations/map', 'stations/import', 'log', 'approvals', 'sounds', 'programmes', 'schedule/calendar',
  'sources', 'reports', 'coverage', 'groups', 'alerts', 'alert-log', 'areas', 'areas/outlines', 'users', 'roles', 'policies', 'holidays', 'settings', 'audit', 'help', 'account', 'more', ''];
const TYPED = 'main :is(input[type=text], input[type=search], textarea):not([readonly]):visible';
const WORDS = 'KHMP'; /* a pairing code keeps it too */

/* The bar, and something of the screen itself below it. */
const saysMore = (words) => {
  const bar = document.querySelector('[data-testid=offline-bar]')?.innerText ?? '';
  return bar.includes(words) && document.querySelector('main').innerText.trim().length > bar.trim().length;
};
const address = (page, to) => page.evaluate((hash) => (location.hash = hash), `#/${to}`);
const whole = (page) => page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('main [aria-busy=true], [data-testid=not-fetched], [data-testid=later], [data-testid=offline-bar]'));

async function everyScreenSaysSo() {
  const page = await person('admin');
  await page.getByTestId('on-air').waitFor();
  await line(page, true);
  said.saw.silent = [];
  for (const to of SCREENS) {
    await address(page, to);
    await page.waitForFunction(saysMore, 'Mất kết nối', { timeout: 5000 }).catch(() => said.saw.silent.push(to));
  }
  said.saw.lost = [];
  for (const to of ['reports', 'schedule', 'stations/map', 'users', 'help', 'settings']) {
    await line(page, true);
    await address(page, to);
    await page.getByTestId('offline-bar').waitFor();
    await line(page, false);
    await whole(page).catch(() => said.saw.lost.push(to));
  }
  await leave(page);
}

async function whatWasTypedStays() {
  const page = await person('admin');
  said.saw.kept = {};
  for (const to of SCREENS) {
    await address(page, to);
    await settle(page);
    const field = page.locator(TYPED).first();
    if ((await field.count()) === 0 || (await field.isDisabled())) continue;
    await field.fill(WORDS);
    await line(page, true);
    await page.getByTestId('offline-bar').waitFor();
    await line(page, false);
    await page.getByTestId('offline-bar').waitFor({ state: 'detached' });
    await settle(page);
    said.saw.kept[to] = await field.inputValue();
  }
  await leave(page);
}

/* Before anybody is logged in. */
async function theWayIn() {
  const page = await visitor();
  await page.goto(order.url);
  await page.getByTestId('login-name').fill('leader');
  await page.getByTestId('login-password').fill(order.accounts.leader);
  await line(page, true);
  await page.getByTestId('login-submit').click();
  said.saw.login = [await page.getByTestId('problem').innerText(), await page.getByTestId('login-name').inputValue()];
  await line(page, false);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('nav-home').waitFor();
  await page.route('**/api/me', (route) => route.abort());
  await page.reload();
  await page.getByTestId('away').waitFor();
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await page.getByRole('heading', { name: 'Không có mạng' }).waitFor();
  await page.unroute('**/api/me');
  await page.getByTestId('nav-home').waitFor();
  await leave(page);
}

await walk(everyScreenSaysSo, whatWasTypedStays, theWayIn);
