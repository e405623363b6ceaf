// Every form with what should not be in it: the words that stand beside the field, and whether what was typed is kept.
// See chrome.mjs. A row says who opens which page, how to get to the form, what is written into which field, and what is
// pressed; the answer is looked for beside the first field written, and what then stands there is looked at. It judges
// nothing; test_forms.py does.
import { cut, leave, order, person, said, settle, visitor, walk, wide } from './chrome.mjs';

const id = (page, name) => page.getByTestId(name);
const click = (...names) => async (page) => { for (const name of names) await id(page, name).first().click(); };
const rule = async (page) => { await page.locator('[data-testid=agenda-item]', { hasText: 'Buổi mẫu' }).first().click(); await click('edit-broadcast', 'change-rule')(page); await id(page, 'when-more').first().click(); };
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
  { name: 'group: nobody in it', at: 'groups', write: { 'group-search': 'không có', 'group-name': 'Liên xã' }, press: 'group-add' },
  { name: 'station: data of a day', at: `stations/${order.station}`, write: { 'station-data_day_mb': 'nhiều' }, press: 'station-save' },
  { name: 'policy: until', at: 'policies', open: click('window-add'), write: { 'window-until': 'tối' }, press: 'policy-save' },
  { name: 'policy: no ceiling', at: 'policies', open: click('ceiling-add'), write: { 'ceiling-gain': '' }, press: 'policy-save' },
  { name: 'policy: data of a month', at: 'policies', write: { 'policy-data_month_mb': '-5' }, press: 'policy-save' },
  { name: 'holiday: how long', at: 'holidays', open: click('holiday-edit'), write: { 'holiday-days': 'ba', 'holiday-day': '2', 'holiday-month': '5', 'holiday-name': 'Hội làng' }, press: 'holiday-add' },
  { name: 'holiday: years', at: 'holidays', open: async (page) => { await click('holiday-edit')(page); await page.getByTestId('holiday-sheet').locator('summary').first().click(); }, write: { 'holiday-from': 'mai', 'holiday-day': '2', 'holiday-month': '5', 'holiday-name': 'Hội làng' }, press: 'holiday-add' },
  { name: 'holidays of a year: a line', at: 'holidays', open: click('holiday-edit', 'holiday-paste'), write: { 'holiday-pasted': 'tuần sau nghỉ' }, press: 'holiday-paste-store' },
  { name: 'calendar of holidays: no name', at: 'holidays', open: click('calendar-add'), write: { 'calendar-name': '' }, press: 'calendar-store' },
  { name: 'calendar of holidays: no other name', at: 'holidays', open: click('holiday-edit', 'calendar-rename-open'), write: { 'calendar-rename': ' ' }, press: 'calendar-rename-save' },
  { name: 'import: no list', at: 'stations/import', file: { 'import-file': ['trạm.csv', 'không;phải\n1;2'] } },
  { name: 'import: no areas', at: 'areas/import', file: { 'import-file': ['đơn vị.csv', ''] } },
  { name: 'import: no outlines', at: 'areas/outlines', file: { 'import-file': ['ranh giới.json', '{"type":'] } },
  { name: 'log: until', at: 'log', write: { 'log-to': 'mai kia' }, press: null },
  { name: 'calendar link: no name', who: 'operator', at: 'schedule/calendar', write: { 'link-name': '' }, press: 'link-add' },
  { name: 'calendar file: none', who: 'operator', at: 'schedule/calendar', file: { 'calendar-file': ['lịch.ics', 'BEGIN:VCARD'] } },
  { name: 'programme: no title', who: 'operator', at: 'programmes', open: click('programme-add'), write: { 'programme-title': '' }, press: 'programme-save' },
  { name: 'programme: when', who: 'operator', at: 'programmes', open: click('programme-schedule'), write: { 'time-input': 'sáng sớm' }, press: 'programme-send' },
  { name: 'schedule: date', who: 'operator', at: `schedule?week=${order.empty_week}`, open: async (page) => { await id(page, 'agenda-item').first().click(); await id(page, 'edit-broadcast').click(); }, write: { 'edit-date': '31/02/2027' }, press: 'edit-check' },
  { name: 'rule: until', who: 'operator', at: `schedule?week=${order.empty_week}`, open: rule, write: { until: 'mãi mãi' }, press: 'rule-save' },
  { name: 'rule: exceptions', who: 'operator', at: `schedule?week=${order.empty_week}`, open: rule, write: { exceptions: 'hôm nào mưa' }, press: 'rule-save' },
  { name: 'compose: until', who: 'operator', at: 'compose', open: async (page) => { await click('when-daily', 'when-more')(page); }, write: { until: 'mãi mãi', 'time-input': '17:30' }, press: 'submit-button' },
  { name: 'mend: no title', who: 'operator', at: 'sounds', open: click('mend-button'), write: { 'mend-title': ' ' }, press: 'mend-send' },
  { name: 'mend: no words', who: 'operator', at: 'sounds', open: click('mend-button'), write: { 'text-input': '' }, press: 'mend-send' },
  { name: 'second step: code', who: null, at: '', open: async (page) => { await id(page, 'login-name').fill('twosteps'); await id(page, 'login-password').fill(order.accounts.twosteps); await id(page, 'login-submit').click(); }, write: { 'login-code': '000000' }, press: 'login-code-submit' },
  { name: 'temporary password: short', who: null, at: '', open: async (page) => { await id(page, 'login-name').fill('fresh'); await id(page, 'login-password').fill(order.accounts.fresh); await id(page, 'login-submit').click(); }, write: { 'password-new': 'a', 'password-old': order.accounts.fresh }, press: 'password-submit' },
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
    above: [...(input.closest(input.type === 'file' ? 'main' : 'form, main, .card')?.querySelectorAll('[role=alert], [data-refused]:not([data-refused="0"])') ?? [])].map((e) => e.textContent.trim()).join(' | ') };
});

async function fill(page, row) {
  for (const [name, [file, text]] of Object.entries(row.file ?? {})) await id(page, name).setInputFiles({ name: file, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const fields = Object.entries(row.write ?? {});
  for (const [name, value] of fields) {
    await id(page, name).first().fill(value);
    await id(page, name).first().blur();
  }
  if (row.press) await id(page, row.press).first().click();
  const field = id(page, fields[0]?.[0] ?? Object.keys(row.file)[0]).first();
  await page.waitForFunction(() => [...document.querySelectorAll('.error, [role=alert]')].some((e) => e.checkVisibility()) || document.querySelector('[data-refused]'), null, { timeout: 5000 }).catch(() => {});
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], button:disabled.primary'), null, { timeout: 2000 }).catch(() => {});
  await wide(page, row.name);
  await cut(page, row.name);
  const kept = [];
  for (const [name, value] of fields) kept.push([name, value, await id(page, name).first().inputValue().catch(() => null)]);
  said.saw.forms.push({ name: row.name, ...(await read(field)), kept });
}

async function forms() {
  said.saw.forms = [];
  for (const who of ['admin', 'operator', 'leader']) {
    const page = await person(who);
    for (const row of FORMS.filter((one) => !order.only || order.only.includes(one.name)).filter((one) => (one.who === undefined ? 'admin' : one.who) === who)) {
      const began = Date.now();
      await page.goto(`${order.url}#/more`); /* the last one's form is gone */
      await id(page, 'logout').waitFor();
      await page.goto(`${order.url}#/${row.at}`);
      await settle(page);
      if (row.needs && (await id(page, row.needs).count()) === 0) continue;
      if (row.open) await row.open(page);
      await fill(page, row).then(() => process.env.LOA_TIMES && console.error(`${row.name}: ${Date.now() - began} ms`)).catch((error) => said.saw.forms.push({ name: row.name, failed: String(error).slice(0, 300) }));
    }
    await leave(page);
  }
  for (const row of FORMS.filter((one) => one.who === null)) {
    const page = await visitor();
    await page.goto(order.url);
    await id(page, 'login-name').waitFor();
    if (row.open) await row.open(page);
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
