// Every form with what should not be in it: the words that stand beside the field, and whether what was typed is kept.
// See chrome.mjs. A row says who opens which page, how to get to the form, what is written into which field, and what is
// pressed; the answer is looked for beside the first field written. It judges nothing; test_forms.py does.
import { leave, order, person, said, settle, visitor, walk } from './chrome.mjs';

const id = (page, name) => page.getByTestId(name);
const click = (...names) => async (page) => { for (const name of names) await id(page, name).first().click(); };
const LONG = 'a'.repeat(401);

const FORMS = [
  { name: 'user: no name', at: 'users', write: { 'user-name': '', 'user-login': 'lan2', 'user-password': 'mat-khau-dai-lam' }, press: 'user-add' },
  { name: 'user: bad login', at: 'users', write: { 'user-login': 'Bà Lan', 'user-name': 'Lan', 'user-password': 'mat-khau-dai-lam' }, press: 'user-add' },
  { name: 'user: login taken', at: 'users', write: { 'user-login': 'operator', 'user-name': 'Lan', 'user-password': 'mat-khau-dai-lam' }, press: 'user-add' },
  { name: 'user: short password', at: 'users', write: { 'user-password': 'a', 'user-name': 'Lan', 'user-login': 'lan3' }, press: 'user-add' },
  { name: 'user edit: no name', at: 'users', open: click('user-edit'), write: { 'edit-name': ' ' }, press: 'edit-save' },
  { name: 'area: no name', at: 'areas', write: { 'area-name': '' }, press: 'area-add' },
  { name: 'area edit: no name', at: 'areas', open: click('area-edit'), write: { 'area-rename': ' ' }, press: 'area-save' },
  { name: 'group: no name', at: 'groups', open: click('group-member'), write: { 'group-name': '' }, press: 'group-add' },
  { name: 'policy: minutes', at: 'policies', write: { 'policy-day_min': 'rất nhiều' }, press: 'policy-save' },
  { name: 'policy: quiet hours', at: 'policies', open: click('quiet-add'), write: { 'quiet-from': '25:00' }, press: 'policy-save' },
  { name: 'policy: ceiling', at: 'policies', open: click('ceiling-add'), write: { 'ceiling-gain': 'to' }, press: 'policy-save' },
  { name: 'holiday: day', at: 'holidays', open: click('holiday-edit'), write: { 'holiday-day': '32', 'holiday-month': '5', 'holiday-name': 'Hội làng' }, press: 'holiday-add' },
  { name: 'holiday: no name', at: 'holidays', open: click('holiday-edit'), write: { 'holiday-name': '', 'holiday-day': '2', 'holiday-month': '5' }, press: 'holiday-add' },
  { name: 'settings: too long', at: 'settings', write: { 'setting-support': LONG }, press: 'settings-save' },
  { name: 'station: silence without a reason', at: `stations/${order.station}`, write: { 'mute-reason': '' }, press: 'mute' },
  { name: 'station: place', at: `stations/${order.station}`, write: { 'station-place': 'ở đình làng' }, press: 'station-save' },
  { name: 'station: no name', at: `stations/${order.station}`, write: { 'station-rename': '' }, press: 'station-save' },
  { name: 'station: replacing code', at: `stations/${order.station}`, write: { 'replace-code': 'ABC' }, press: 'replace-submit' },
  { name: 'pairing: short code', at: 'stations/add', write: { 'pairing-code': 'ABC', 'station-name': 'Đình' }, press: 'pairing-submit' },
  { name: 'pairing: wrong code', at: 'stations/add', write: { 'pairing-code': 'AAAA-AAAA', 'station-name': 'Đình' }, press: 'pairing-submit' },
  { name: 'source: no address', at: 'sources', write: { 'source-url': 'đài tỉnh' }, press: 'source-try' },
  { name: 'profile: no name', at: 'account', write: { 'profile-name': ' ' }, press: 'profile-save' },
  { name: 'profile: phone', at: 'account', write: { 'profile-phone': LONG }, press: 'profile-save' },
  { name: 'password: wrong', at: 'account', write: { 'password-old': 'không phải', 'password-new': 'mat-khau-moi-dai' }, press: 'password-submit' },
  { name: 'password: short', at: 'account', write: { 'password-new': 'a', 'password-old': order.accounts.admin }, press: 'password-submit' },
  { name: 'token: no name', at: 'account', write: { 'token-name': '' }, press: 'token-add' },
  { name: 'two steps: code', at: 'account', open: click('totp-begin'), write: { 'totp-code': '000000' }, press: 'totp-confirm' },
  { name: 'log: date', at: 'log', write: { 'log-from': '31/02/2026' }, press: null },
  { name: 'system log: date', at: 'audit', write: { 'audit-from': 'hôm qua' }, press: null },
  { name: 'compose: no title', who: 'operator', at: 'compose', write: { 'title-input': '', 'time-input': '17:30' }, press: 'submit-button' },
  { name: 'compose: date', who: 'operator', at: 'compose', write: { 'date-input': '31/02/2026', 'time-input': '17:30' }, press: 'submit-button' },
  { name: 'compose: time', who: 'operator', at: 'compose', write: { 'time-input': '25 giờ' }, press: 'submit-button' },
  { name: 'compose: no text', who: 'operator', at: 'compose', open: click('type-button'), write: { 'text-input': '' }, press: 'submit-button' },
  { name: 'relay: minutes', who: 'operator', at: 'sources', needs: 'relay-open', open: click('relay-open'), write: { 'relay-minutes': '0' }, press: 'relay-send' },
  { name: 'schedule: time', who: 'operator', at: `schedule?week=${order.empty_week}`, open: async (page) => { await id(page, 'agenda-item').first().click(); await id(page, 'edit-broadcast').click(); }, write: { 'edit-time': '27:00' }, press: 'edit-check' },
  { name: 'approval: no reason', who: 'leader', at: 'approvals', open: click('reject-button'), write: { 'reject-reason': '' }, press: 'reject-confirm' },
  { name: 'log in: wrong password', who: null, at: '', write: { 'login-password': 'sai rồi', 'login-name': 'operator' }, press: 'login-submit' },
  { name: 'log in: nothing', who: null, at: '', write: { 'login-name': '', 'login-password': '' }, press: 'login-submit' },
];
const SETUP = [
  { name: 'set-up: wrong token', write: { 'setup-token': 'abc', 'setup-organisation': 'Tỉnh', 'setup-name': 'Lan', 'setup-login': 'lan', 'setup-password': 'mat-khau-dai-lam' }, press: 'setup-submit' },
  { name: 'set-up: no organisation', write: { 'setup-organisation': '', 'setup-token': order.token, 'setup-name': 'Lan', 'setup-login': 'lan', 'setup-password': 'mat-khau-dai-lam' }, press: 'setup-submit' },
];

/* Beside the field: tied to it by aria-describedby, or in the alert of the same form where no single field is wrong. */
const read = (field) => field.evaluate((input) => {
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
  const beside = ids.map((one) => document.getElementById(one)).find((one) => one?.matches('.error'))?.textContent ?? '';
  const group = input.closest('fieldset')?.querySelector('.error')?.textContent ?? '';
  return { beside: (beside || group).trim(), invalid: input.getAttribute('aria-invalid') === 'true' || group !== '', value: input.value,
    above: [...(input.closest('form, main, .card')?.querySelectorAll('[role=alert]') ?? [])].map((e) => e.textContent.trim()).join(' | ') };
});

async function fill(page, row) {
  const fields = Object.entries(row.write);
  for (const [name, value] of fields) {
    await id(page, name).first().fill(value);
    await id(page, name).first().blur();
  }
  if (row.press) await id(page, row.press).first().click();
  const field = id(page, fields[0][0]).first();
  await page.waitForFunction(() => [...document.querySelectorAll('.error, [role=alert]')].some((e) => e.checkVisibility()), null, { timeout: 5000 }).catch(() => {});
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], button:disabled.primary'), null, { timeout: 2000 }).catch(() => {});
  const kept = [];
  for (const [name, value] of fields) kept.push([name, value, await id(page, name).first().inputValue().catch(() => null)]);
  said.saw.forms.push({ name: row.name, ...(await read(field)), kept });
}

async function forms() {
  said.saw.forms = [];
  for (const who of ['admin', 'operator', 'leader']) {
    const page = await person(who);
    for (const row of FORMS.filter((one) => !order.only || order.only.includes(one.name)).filter((one) => (one.who === undefined ? 'admin' : one.who) === who)) {
      await page.goto(`${order.url}#/more`); /* the last one's form is gone */
      await id(page, 'logout').waitFor();
      await page.goto(`${order.url}#/${row.at}`);
      await settle(page);
      if (row.needs && (await id(page, row.needs).count()) === 0) continue;
      if (row.open) await row.open(page);
      await fill(page, row).catch((error) => said.saw.forms.push({ name: row.name, failed: String(error).slice(0, 300) }));
    }
    await leave(page);
  }
  for (const row of FORMS.filter((one) => one.who === null)) {
    const page = await visitor();
    await page.goto(order.url);
    await id(page, 'login-name').waitFor();
    await fill(page, row);
    await leave(page);
  }
  const page = await visitor();
  for (const row of SETUP) {
    await page.goto(order.empty);
    await page.reload();
    await id(page, 'setup-token').waitFor();
    await fill(page, row);
  }
  await leave(page);
}

await walk(forms);
