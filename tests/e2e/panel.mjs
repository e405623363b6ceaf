// Walks through the panel as people do, in Debian's Chromium against a real controller, and writes down what it saw: how
// many taps a thing took and what the page said. See chrome.mjs for the order; here besides "listed", "wrong", "outlines"
// (files to import), "label" (the camera's picture), "code", "week", "day" and "part". It judges nothing; test_panel.py does.
import { leave, order, person, said, shot, taps, walk } from './chrome.mjs';

async function scheduleAndApprove() {
  const page = await person('operator');
  const tap = taps('schedule');
  await tap(page.getByTestId('nav-compose'));
  await tap(page.getByTestId('type-button'));
  await page.getByTestId('text-input').fill('Mời bà con đi họp thôn lúc mười chín giờ.');
  await page.getByTestId('title-input').fill('Họp thôn');
  await tap(page.getByTestId('when-once'));
  await page.getByTestId('date-input').fill(order.day);
  await page.getByTestId('time-input').fill('17:30');
  await tap(page.getByTestId('submit-button'));
  await page.getByTestId('sent').waitFor({ timeout: 40000 });
  await leave(page);

  const leader = await person('leader');
  const press = taps('approve');
  await press(leader.getByTestId('approvals-link'));
  const card = leader.locator('[data-testid=approval]', { hasText: 'Họp thôn' }); /* others may wait, too */
  await press(card.getByTestId('listen-button'));
  await leader.waitForTimeout(1500);
  await press(card.getByTestId('approve-button'));
  await card.waitFor({ state: 'detached' });
  await leave(leader);
}

async function moveByKeys() {
  const page = await person('operator', { viewport: { width: 1280, height: 800 } });
  await page.goto(`${order.url}#/schedule?week=${order.week}`);
  const item = page.locator('[data-testid=week-item][data-start="17:30"]').first();
  await item.waitFor();
  await item.focus();
  const tap = taps('move by keys');
  await tap(page.locator(':focus'), 'Enter');
  await page.getByTestId('edit-broadcast').focus();
  await tap(page.locator(':focus'), 'Enter');
  await page.getByTestId('edit-time').fill('18:15');
  await tap(page.getByTestId('edit-time'), 'Enter');
  await page.getByTestId('edit-verdict').waitFor();
  await page.getByTestId('edit-save').focus();
  await tap(page.locator(':focus'), 'Enter');
  await page.locator('[data-testid=week-item][data-start="18:15"]').first().waitFor();
  said.saw.moved = true;

  /* Dragged, it only asks: the form holds the new time, nothing is changed yet. */
  const held = page.locator('[data-testid=week-item][data-start="18:15"]').first();
  await held.scrollIntoViewIfNeeded();
  const box = await held.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 20, box.y + 23, { steps: 4 });
  await page.mouse.move(box.x + 20, box.y + 38, { steps: 4 });
  await page.mouse.up();
  said.saw.dragged = await page.getByTestId('edit-time').inputValue();
  await page.keyboard.press('Escape');
  await leave(page);
}

async function pairByCamera() {
  const page = await person('admin');
  await page.goto(`${order.url}#/stations/add`);
  const tap = taps('pair');
  await tap(page.getByTestId('scan-qr'));
  await page.waitForFunction((code) => document.querySelector('[data-testid=pairing-code]')?.value.replace('-', '') === code, order.code, { timeout: 30000 });
  await tap(page.getByTestId('pairing-submit')); /* name and area come from the imported list */
  await page.getByTestId('station-agenda').waitFor();
  said.saw.paired = await page.locator('main h1').textContent();
  await leave(page);
}

async function importLists() {
  const page = await person('admin');
  await page.goto(`${order.url}#/stations/import`);
  const tap = taps('import');
  await page.getByTestId('import-file').setInputFiles(order.wrong);
  await page.locator('[data-testid=import-report][data-refused="1"]').waitFor();
  said.saw.refused = await page.locator('[data-testid=import-report] li').first().innerText();
  await page.getByTestId('import-file').setInputFiles(order.listed);
  await page.locator('[data-testid=import-report][data-refused="0"]').waitFor();
  await tap(page.getByTestId('import-store'));
  await page.locator('[data-testid=import-report][data-stored=true]').waitFor();
  await page.goto(`${order.url}#/areas/outlines`);
  await page.getByTestId('import-file').setInputFiles(order.outlines);
  await page.getByTestId('import-store').click();
  await page.locator('[data-testid=import-report][data-stored=true]').waitFor();
  await leave(page);
}

async function administer() {
  const page = await person('admin');
  await page.goto(`${order.url}#/policies`);
  await page.getByTestId('policy-day_min').fill('90');
  await page.getByTestId('policy-save').click();
  await page.getByTestId('policy-effective').getByText('90 phút').waitFor();
  said.saw.rules = await page.getByTestId('policy-effective').innerText();
  await page.getByTestId('ceiling-add').click();
  await page.getByTestId('ceiling-gain').fill('-9');
  await page.getByTestId('ceiling-class').selectOption('priority');
  await page.getByTestId('policy-save').click();
  await page.getByTestId('policy-effective').getByText('-9 dB').waitFor();
  said.saw.loud = await page.getByTestId('policy-effective').getByText('-9 dB').innerText();
  await page.reload();
  said.saw.chosen = await page.getByTestId('ceiling-class').inputValue();
  await page.getByTestId('policy-day_min').fill('rất nhiều');
  await page.getByTestId('policy-save').click();
  await page.getByTestId('field-error').waitFor();
  said.saw.kept = await page.getByTestId('policy-day_min').inputValue();
  await page.goto(`${order.url}#/settings`);
  await page.getByTestId('setting-support').fill('Tổ kỹ thuật, 0218 000 000');
  await page.getByTestId('settings-save').click();
  await page.getByRole('status').first().waitFor();
  await page.goto(`${order.url}#/help`);
  await page.getByTestId('support').waitFor();
  await page.getByTestId('help-search').fill('vi sao khong keu');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=help-topic]').length < 4);
  said.saw.help = await page.getByTestId('help-topic').first().getAttribute('data-topic');
  await page.goto(`${order.url}#/audit?q=tap+doan`);
  await page.getByTestId('audit-search').fill('quan tri tinh');
  await page.getByTestId('audit-row').first().waitFor();
  said.saw.audit = await page.getByTestId('audit-row').count();
  await page.getByTestId('audit-verb').selectOption('settings');
  await page.locator('[data-testid=audit-row]:not([data-verb="settings.change"])').first().waitFor({ state: 'detached' });
  await page.goto(`${order.url}#/users`);
  await page.getByTestId('roles-link').click();
  await page.getByTestId('right-role').first().waitFor();
  await page.goto(`${order.url}#/stations/map`);
  await page.locator('[data-testid=map] canvas').waitFor();
  said.saw.map = await page.getByTestId('map').evaluate((e) => [e.dataset.areas, e.dataset.stations]);
  await page.context().setOffline(true);
  await page.getByTestId('offline-bar').waitFor();
  said.saw.offline = await page.getByTestId('connection').getAttribute('data-state');
  await page.context().setOffline(false);
  await page.getByTestId('offline-bar').waitFor({ state: 'detached' });
  await leave(page);
}

async function whyMissed() {
  const page = await person('operator');
  await page.getByTestId('since').waitFor();
  const tap = taps('why missed');
  await tap(page.getByTestId('since-row').first());
  await tap(page.locator('[data-testid=log-row][data-outcome=missed]').first());
  said.saw.why = await page.getByTestId('evidence-reason').innerText();
  await shot(page, 'why-missed');
  await leave(page);
}

async function stopNow() {
  const page = await person('operator');
  await page.getByTestId('stop-now').waitFor({ timeout: 45000 });
  await shot(page, 'on-air');
  const tap = taps('stop');
  await tap(page.getByTestId('stop-now'));
  await tap(page.getByTestId('confirm-yes'));
  await page.getByTestId('confirm-dialog').waitFor({ state: 'detached' });
  await leave(page);
}

/* What an operator has no right to says so by its address, too; and a long row of templates goes on. */
async function noRight() {
  const page = await person('operator');
  const saw = (said.saw.barred = {});
  for (const at of ['users', 'stations/add', 'policies', 'stations']) {
    await page.goto(`${order.url}#/${at}`);
    const barred = page.getByTestId('barred');
    await page.locator('[data-testid=barred], [data-testid=policy-effective], [data-testid=station-map]').first().waitFor();
    if (await barred.count()) await barred.getByText('Quản trị').first().waitFor();
    saw[at] = (await barred.count()) ? await barred.innerText() : '';
    if (at === 'users') await shot(page, 'barred');
  }
  await page.goto(`${order.url}#/compose`);
  await page.getByTestId('template').first().waitFor();
  const before = await page.getByTestId('template').count();
  await page.getByTestId('further').click();
  await page.getByTestId('further').waitFor({ state: 'detached' });
  said.saw.templates = [before, await page.getByTestId('template').count(), await page.locator('form [role=alert]').count()];
  await leave(page);
}

const PARTS = {
  rights: [noRight],
  day: [importLists, pairByCamera, scheduleAndApprove, moveByKeys, administer],
  evening: [whyMissed, stopNow],
};
await walk(...PARTS[order.part]);
