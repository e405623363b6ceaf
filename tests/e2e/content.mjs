// The library, approvals, clashes, templates and the undo of "play now", as people use them.
//
//   node content.mjs '{"url", "operator": {"login","password"}, "leader": {...}, "wav", "clash": "HH:MM", "date", "until", "shots"}'
//
// Drives Debian's Chromium through the panel only. Prints one JSON line: taps, what the page said, CSP and axe
// violations, console errors.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const order = JSON.parse(process.argv[2]);
const here = path.dirname(new URL(import.meta.url).pathname);
const require = createRequire(pathToFileURL(path.join(here, '../../web-admin/package.json')));
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [
  '--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update',
  '--autoplay-policy=no-user-gesture-required'] });
const said = { axe: [], csp: [], errors: [], wide: [] };

async function person(account, width) {
  const context = await browser.newContext({ viewport: { width, height: 844 }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', bypassCSP: false });
  await context.addInitScript(() => {
    window.__csp = [];
    document.addEventListener('securitypolicyviolation', (event) => window.__csp.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const expected = (message) => message.text().includes('401') || message.text().includes('422');
  page.on('console', (message) => message.type() === 'error' && !expected(message) && said.errors.push(message.text()));
  page.on('pageerror', (error) => said.errors.push(String(error)));
  await page.goto(order.url);
  await page.getByTestId('login-name').fill(account.login);
  await page.getByTestId('login-password').fill(account.password);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('more-link').first().waitFor({ state: 'attached' });
  return page;
}

/* A picture at both widths, and what is wrong with the page. */
async function look(page, name) {
  said.csp.push(...(await page.evaluate(() => window.__csp)));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.waitForTimeout(150);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) said.wide.push(`${name} ${width}`);
    await page.screenshot({ path: path.join(order.shots, `${name}-${width}.png`) });
  }
  const source = await import('node:fs').then((fs) => fs.readFileSync(axe, 'utf8'));
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
  said.axe.push(...violations.map((v) => `${name}: ${v.id} ${v.nodes[0].html.slice(0, 120)}`));
}
const open = async (page, hash) => {
  await page.goto(`${order.url}#/${hash}`);
  await page.locator('h1').first().waitFor();
};

try {
  const operator = await person(order.operator, 390);

  // Yesterday's, or any approved one: one tap plays it again, one takes it back.
  await open(operator, 'sounds');
  await operator.getByTestId('sound-search').fill('hop thon');
  await operator.waitForFunction(() => {
    const titles = [...document.querySelectorAll('[data-testid=bulletin] h2')];
    return titles.length > 0 && titles.every((title) => /họp thôn/i.test(title.textContent));
  });
  await operator.locator('[data-testid=bulletin][data-state=approved]').first().waitFor();
  await operator.getByTestId('versions').first().locator('summary').click();
  await operator.getByTestId('listen-version').first().waitFor();
  await look(operator, 'library');
  await operator.getByTestId('play-again').first().click();
  await operator.getByTestId('undo-button').waitFor();
  await look(operator, 'undo');
  await operator.getByTestId('undo-button').click();
  const undo = operator.locator('[data-testid=undo][data-stage=done]');
  await undo.waitFor({ timeout: 30000 });
  said.undo = { unsure: await undo.getAttribute('data-unsure'), played: await undo.getAttribute('data-played'), text: (await undo.innerText()).trim(),
    beside: await operator.locator('[data-testid=bulletin]', { has: undo }).innerText() };
  await open(operator, 'roles');
  await operator.getByTestId('right-role').first().waitFor();
  await look(operator, 'roles');

  // A new one at a time that is taken: the page says what would move, one tap finds free air.
  await open(operator, 'compose');
  await operator.getByTestId('file-input').setInputFiles(order.wav);
  await operator.getByTestId('title-input').fill('Tiêm phòng cho trẻ');
  await operator.getByTestId('title-input').blur();
  await operator.getByTestId('stand-ins').click();
  await operator.getByTestId('stand-in').first().selectOption({ label: 'Họp thôn tối nay' });
  await operator.getByTestId('stand-in').nth(1).waitFor();
  await operator.getByTestId('validity-fold').click();
  await operator.getByTestId('valid-until').fill('1/1/2020');
  await operator.getByTestId('when-once').click();
  await operator.getByTestId('date-input').fill(order.date);
  await operator.getByTestId('time-input').fill(order.clash);
  await operator.getByTestId('priority').click();
  await operator.locator('[data-testid=clash][data-clear=false]').waitFor({ timeout: 30000 });
  said.clash = await operator.getByTestId('clash-row').first().innerText();
  await operator.getByTestId('submit-button').click();
  said.wrongEnd = { error: await operator.getByTestId('field-error').allInnerTexts(), kept: await operator.getByTestId('valid-until').inputValue() };
  await operator.getByTestId('valid-until').fill(order.until);
  said.sentence = await operator.getByTestId('sentence').innerText();
  await look(operator, 'clash');
  await operator.getByTestId('nearest-free').click();
  await operator.locator('[data-testid=clash][data-clear=true]').waitFor();
  said.moved = await operator.getByTestId('time-input').inputValue();
  await operator.getByTestId('submit-button').click();
  await operator.getByTestId('sent').waitFor();
  await operator.getByTestId('keep-template').click();
  await operator.getByTestId('template-name').fill('Buổi trưa ưu tiên');
  await operator.getByTestId('template-save').click();
  await operator.getByTestId('template-kept').waitFor();
  await operator.getByTestId('compose-again').click();
  await operator.reload();
  await operator.getByTestId('template').first().click();
  said.template = { time: await operator.getByTestId('time-input').inputValue(), priority: await operator.getByTestId('priority').isChecked() };
  await look(operator, 'template');

  // Returned with a reason: its author finds it on the first page, corrects it and sends it again; no second order.
  const leader = await person(order.leader, 1280);
  await open(leader, 'approvals');
  const card = leader.getByTestId('approval').first();
  await card.getByTestId('reject-button').click();
  await card.getByTestId('reject-reason').fill('Thiếu giờ tiêm');
  await card.getByTestId('reject-confirm').click();
  await open(operator, '');
  said.told = await operator.getByTestId('told').innerText();
  await look(operator, 'told');
  await open(operator, 'inbox');
  await operator.getByTestId('notice').first().waitFor();
  await look(operator, 'inbox');
  await operator.getByTestId('notice-mend').click();
  said.reason = await operator.getByTestId('returned-because').innerText();
  await operator.getByTestId('mend-title').fill('Tiêm phòng cho trẻ, 8 giờ');
  await operator.getByTestId('mend-sound').click();
  await operator.getByTestId('file-input').setInputFiles(order.wav);
  await operator.locator('[data-testid=sound-state][data-state=ready]').waitFor({ timeout: 30000 });
  await operator.getByTestId('mend').getByTestId('listen-button').click();
  said.heard = await operator.getByTestId('mend').locator('audio').evaluate((audio) => new Promise((done) => {
    audio.addEventListener('timeupdate', () => audio.currentTime > 0 && done(audio.currentTime));
    setTimeout(() => done(0), 10000);
  }));
  await operator.getByTestId('stand-ins').click();
  await look(operator, 'mend');
  await operator.getByTestId('mend-send').click();
  await operator.getByTestId('mend').waitFor({ state: 'detached' });
  await open(operator, '');
  await operator.getByTestId('next').waitFor();
  said.untold = await operator.getByTestId('told').count();

  // Three taps: listen, approve, and it is gone from the inbox.
  await card.waitFor();
  said.covers = await card.getByTestId('covers').innerText();
  said.approverSees = await card.getByTestId('validity').innerText();
  await look(leader, 'approvals');
  await card.getByTestId('listen-button').click();
  await card.getByTestId('approve-button').click();
  await leader.waitForFunction(() => document.querySelectorAll('[data-testid=approval]').length === 0);

  // To end sooner takes effect at once; to last longer waits for the leader, and is dropped again before that.
  await open(operator, 'sounds');
  const kept = operator.locator('[data-testid=bulletin]', { has: operator.getByRole('heading', { name: 'Họp thôn tối nay' }) }).first();
  const validUntil = async (text) => {
    await kept.getByTestId('validity-change').click();
    await kept.getByTestId('valid-until').fill(text);
    if (text) await look(operator, 'validity');
    await kept.getByTestId('validity-send').click();
    return kept.getByTestId('stand-in-done').innerText();
  };
  said.sooner = await validUntil(order.until);
  said.validity = await kept.getByTestId('validity').innerText();
  await kept.getByTestId('versions').locator('summary').click();
  await kept.locator('.version li').first().waitFor();
  said.steps = await kept.locator('.version').first().locator('li').allInnerTexts();
  await kept.getByTestId('versions').locator('summary').click();
  said.longer = await validUntil('');
  await card.getByTestId('other-validity').waitFor();
  said.otherValidity = await card.getByTestId('other-validity').innerText();
  await kept.getByTestId('revert-button').click();
  await operator.getByTestId('confirm-yes').click();
  await kept.getByTestId('meanwhile').waitFor({ state: 'detached' });
  said.reverted = [await kept.getAttribute('data-state'), await kept.getByTestId('validity').innerText()];
  await card.waitFor({ state: 'detached' });

  // What is approved gets another stand-in: the approved version airs on until the leader has said yes to the new one.
  await open(operator, 'sounds');
  const row = operator.locator('[data-testid=bulletin]', { has: operator.getByRole('heading', { name: 'Họp thôn tối nay' }) }).first();
  await row.getByTestId('stand-in-change').click();
  await row.getByTestId('stand-in').first().selectOption({ label: 'Tiêm phòng cho trẻ, 8 giờ' });
  await look(operator, 'stand-in');
  await row.getByTestId('stand-in-send').click();
  said.standIn = await row.getByTestId('stand-in-done').innerText();
  said.meanwhile = await row.getByTestId('meanwhile').innerText();
  said.still = await row.getByTestId('play-again').count();
  await card.getByTestId('only-stand-ins').waitFor();
  said.only = await card.getByTestId('only-stand-ins').innerText();
  await look(leader, 'only-stand-ins');
  await card.getByTestId('listen-button').click();
  await card.getByTestId('approve-button').click();
  await row.getByTestId('meanwhile').waitFor({ state: 'detached' });
  said.standsIn = await row.getByTestId('stands-in').innerText();
  console.log(JSON.stringify(said));
} catch (error) {
  for (const [n, page] of browser.contexts().flatMap((c) => c.pages()).entries()) await page.screenshot({ path: path.join(order.shots, `failed-${n}.png`) });
  console.log(JSON.stringify(said));
  throw error;
} finally {
  await browser.close();
}
