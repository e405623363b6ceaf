// What people do with each other: a bulletin is returned and sent again, a neighbour accepts and withdraws, an emergency
// goes to a group, a technician sounds a station, the holidays of a year are decided, a radio is heard, saved and
// relayed. See chrome.mjs; besides: "radio" (its address), "neighbour" and "tester" (logins), "louder" and "deaf" (stations), "commune".
// It judges nothing; test_together.py does.
import { axe, cut, heard, leave, open, order, person, picture, said, settle, shot, walk, wide } from './chrome.mjs';

const HOLD_MS = 1600;
const TITLE = 'Lịch tiêm phòng';
const sound = (page) => page.locator('[data-testid=bulletin]', { hasText: TITLE });

async function returned() {
  const author = await person('operator');
  await open(author, 'compose');
  await author.getByTestId('type-button').click();
  await author.getByTestId('text-input').fill('Tiêm phòng lúc bảy giờ.');
  await author.getByTestId('title-input').fill(TITLE);
  await author.getByTestId('date-input').fill(order.day);
  await author.getByTestId('time-input').fill('16:10');
  await author.getByTestId('submit-button').click();
  await author.getByTestId('sent').waitFor({ timeout: 40000 });
  said.saw.order = await author.getByTestId('sent').getAttribute('data-broadcast');

  const leader = await person('leader');
  await open(leader, 'approvals');
  const card = leader.locator('[data-testid=approval]', { hasText: TITLE });
  await card.getByTestId('reject-button').click();
  await card.getByTestId('reject-reason').fill('Sai giờ: tám giờ mới tiêm.');
  await card.getByTestId('reject-confirm').click();
  await card.waitFor({ state: 'detached' });

  /* something newer, which would stand on top by its age */
  await author.evaluate((area) => fetch('/api/bulletins', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Loa': '1', 'Idempotency-Key': `newer-${Date.now()}` },
    body: JSON.stringify({ area, title: 'Mới hơn', language: 'vi', text: 'Một, hai.' }) }), order.commune);
  await open(author, 'sounds');
  await author.locator('[data-testid=bulletin]', { hasText: 'Mới hơn' }).waitFor();
  await sound(author).first().getByTestId('returned-because').waitFor();
  said.saw.first = await author.getByTestId('bulletin').first().locator('h2').innerText();
  said.saw.because = await sound(author).getByTestId('returned-because').innerText();
  await sound(author).getByTestId('mend-button').click();
  said.saw.words = await author.getByTestId('text-input').inputValue();
  await axe(author, 'mend');
  await shot(author, 'mend', true);
  /* heard by its author before it goes on its way: not what was returned, what was typed now */
  await author.getByTestId('text-input').fill('Tiêm phòng lúc tám giờ.');
  await author.getByTestId('mend').getByTestId('listen-button').waitFor({ state: 'detached' });
  await author.getByTestId('text-input').blur();
  await author.getByTestId('mend').getByTestId('listen-button').click({ timeout: 40000 });
  said.saw.typed = await heard(author.getByTestId('mend'));
  await author.getByTestId('mend-send').click();
  await author.getByTestId('mend').waitFor({ state: 'detached' });
  await author.locator('[data-testid=bulletin][data-state=submitted]', { hasText: TITLE }).waitFor();
  await leave(author);

  await open(leader, 'approvals');
  await card.getByTestId('bulletin-text').locator('summary').click();
  said.saw.mended = await card.getByTestId('bulletin-text').locator('p').innerText();
  await card.getByTestId('listen-button').click({ timeout: 40000 });
  await card.getByTestId('approve-button').click();
  await card.waitFor({ state: 'detached' });
  await leave(leader);
}

/* A group gets another name and a station; who is taken out is asked about first, and the no is taken. */
async function changeGroup() {
  const page = await person('operator');
  await open(page, 'groups');
  const group = (name) => page.locator('[data-testid=group]', { has: page.getByRole('heading', { name, exact: true }) });
  await group('Hai xã').getByTestId('group-change').click();
  const form = page.getByTestId('group-edit');
  await form.getByTestId('group-name').fill('Hai xã ven sông');
  await form.getByTestId('group-search').fill('cot 1');
  await form.getByLabel(/Cột 1/).check();
  await form.getByLabel(/Xã Bên Sông/).uncheck();
  await axe(page, 'group-edit');
  await wide(page, 'group-edit');
  await picture(page, 'group-edit', true);
  await form.getByTestId('group-save').click();
  said.saw.takeOut = await page.getByTestId('confirm-dialog').innerText();
  await page.getByTestId('confirm-no').click();
  await form.getByLabel(/Xã Bên Sông/).check();
  await form.getByTestId('group-save').click();
  await page.getByTestId('group-said').waitFor();
  await group('Hai xã ven sông').waitFor();
  said.saw.changed = await group('Hai xã ven sông').getByTestId('group-place').allInnerTexts();
  await group('Hai xã ven sông').getByTestId('group-change').click();
  await form.getByTestId('group-name').fill('Hai xã');
  await form.getByLabel(/Cột 1/).uncheck();
  await form.getByTestId('group-save').click();
  await page.getByTestId('confirm-yes').click();
  await group('Hai xã').waitFor();
  said.saw.back = await group('Hai xã').getByTestId('group-place').count();
  await leave(page);
}

async function neighbour() {
  const page = await person(order.neighbour);
  await open(page, 'groups');
  const place = page.locator('[data-testid=group]', { hasText: 'Hai xã' }).locator('[data-testid=group-place]', { has: page.locator('button') });
  said.saw.asked = [await place.getAttribute('data-state'), await place.locator('.chip').innerText()];
  await axe(page, 'groups');
  await place.getByTestId('group-accept').click();
  await page.locator('[data-testid=group-place][data-state=accepted]').waitFor();
  said.saw.accepted = await place.locator('.chip').innerText();
  await place.getByTestId('group-withdraw').click();
  await page.locator('[data-testid=group-place][data-state=withdrawn]').waitFor();
  said.saw.withdrawn = await page.getByTestId('group-withdraw').count();
  await leave(page);
}

async function alertToGroup() {
  const page = await person('operator');
  await page.getByTestId('alert-alerts').click();
  await page.locator('[data-testid=alert-clip]', { hasText: 'Vỡ đê' }).click();
  await page.getByTestId('alert-where').locator('summary').click();
  await page.getByTestId('where-some').click();
  said.saw.nobody = await page.getByTestId('alert-go').isDisabled();
  await page.getByTestId('target-group').filter({ hasText: 'Hai xã' }).click();
  said.saw.refused = await page.getByTestId('group-refused').innerText();
  await page.getByTestId('alert-go').click({ delay: HOLD_MS });
  await page.locator('[data-testid=alert][data-state=active]').waitFor();
  await page.getByTestId('alert-stop').first().click();
  await page.locator('[data-testid=alert][data-state=cancelled]').first().waitFor();
  await leave(page);
}

async function testTone() {
  const page = await person(order.tester);
  await open(page, `stations/${order.louder}`);
  const result = (state) => page.locator(`[data-testid=test-result]${state}`);
  do { /* while the alert still fades there, the station says so, and whoever stands below presses again */
    await page.getByTestId('test-tone').click();
    await result('[data-state=waiting]').waitFor();
    await result(':not([data-state=waiting])').waitFor({ timeout: 30000 });
    said.saw.tone = [await result('').getAttribute('data-state'), await result('').innerText()];
  } while (said.saw.tone[0] === 'busy');
  await cut(page, 'test tone');
  await leave(page);
}

async function holidaysOfAYear() {
  const page = await person('admin');
  await open(page, 'holidays');
  await page.getByTestId('calendar-add').click();
  await page.getByTestId('calendar-name').fill('Lễ hội làng');
  await page.getByTestId('calendar-store').click();
  const add = async (name, day, month, lunar) => {
    await page.getByTestId('holiday-name').fill(name);
    await page.getByTestId('holiday-day').fill(day);
    await page.getByTestId('holiday-month').fill(month);
    await page.getByTestId('holiday-lunar').setChecked(lunar);
    said.saw.falls = await page.getByTestId('holiday-falls').innerText();
    await page.getByTestId('holiday-add').click();
    await page.locator('[data-testid=holiday-row]', { hasText: name }).waitFor();
  };
  await add('Rằm tháng Giêng', '15', '1', true);
  await page.keyboard.press('Escape');
  const listed = () => page.locator('[data-testid=holiday-calendar]', { hasText: 'Lễ hội làng' }).locator('li').allInnerTexts();
  said.saw.thisYear = await listed();
  await page.getByTestId('holiday-next-year').click();
  await settle(page);
  said.saw.year = Number(await page.getByTestId('holiday-year').innerText());
  const calendar = page.locator('[data-testid=holiday-calendar]', { hasText: 'Lễ hội làng' });
  await calendar.getByTestId('holiday-edit').click();
  await page.getByTestId('holiday-paste').click();
  const known = await page.getByTestId('holiday-pasted').inputValue();
  await page.getByTestId('holiday-pasted').fill(`${known}\n30/04 Ngày Giải phóng\n01/05 - 02/05/${said.saw.year}: Quốc tế Lao động`);
  await page.getByTestId('holiday-paste-store').click();
  const labour = page.locator('[data-testid=holiday-row]', { hasText: 'Quốc tế Lao động' });
  await labour.waitFor();
  /* that year by the general days again, and back */
  await page.getByTestId('holiday-year-drop').click();
  await labour.waitFor({ state: 'detached' });
  said.saw.general = [await page.getByTestId('holiday-row').count(), await page.getByTestId('holiday-pasted').inputValue() === known];
  await page.getByTestId('holiday-year-undo').click();
  await labour.waitFor();
  await page.keyboard.press('Escape');
  await calendar.locator('li', { hasText: 'Quốc tế Lao động' }).first().waitFor();
  said.saw.nextYear = await listed();
  await leave(page);
}

async function radio() {
  const page = await person('operator');
  await open(page, 'sources');
  await page.getByTestId('source-name').fill('Đài tỉnh');
  said.saw.unheard = await page.getByTestId('source-save').isDisabled();
  await page.getByTestId('source-url').fill(order.radio);
  await page.getByTestId('source-try').click();
  await page.getByTestId('source-listen').waitFor({ timeout: 40000 });
  said.saw.heard = await page.getByTestId('source-heard').locator('p').first().innerText();
  await page.getByTestId('source-take').click();
  await page.getByTestId('source-save').click();
  const row = page.getByTestId('source-row').first(); /* its name may stand in a field */
  said.saw.unheardBySome = await row.getByTestId('source-unheard').innerText();
  await page.getByTestId('area-switch').selectOption(order.village);
  await row.locator('[data-who=all]').waitFor();
  said.saw.unheardByAll = [await row.getByTestId('source-unheard').innerText(), await row.getByTestId('relay-open').count()];
  await axe(page, 'unheard');
  await picture(page, 'source-unheard', true);
  await open(page, 'programmes');
  await page.getByTestId('programme-add').click();
  await page.getByTestId('add-relay').click();
  said.saw.noRelay = [await page.getByTestId('programme-edit').locator('.note').innerText(), await page.getByTestId('take-relay').count()];
  await page.getByTestId('area-switch').selectOption(order.commune);
  await open(page, 'sources');
  await row.getByTestId('relay-open').click();
  /* what cannot be: words beside each field, and it is kept */
  const wrong = async (name, text, press) => {
    await row.getByTestId(name).fill(text);
    await row.getByTestId(press).click();
    await row.getByTestId('field-error').first().waitFor();
    const field = row.locator('.field', { has: page.getByTestId(name) });
    return [name, (await field.getByTestId('field-error').allInnerTexts()).join(' '), (await row.getByTestId(name).inputValue()) === text];
  };
  said.saw.wrong = [await wrong('relay-time', '25 giờ', 'relay-send')];
  await row.getByTestId('relay-time').fill('13:05');
  said.saw.wrong.push(await wrong('relay-minutes', '0', 'relay-send'));
  await row.getByTestId('source-change').click();
  said.saw.wrong.push(await wrong('source-rename', '', 'source-rename-save'));
  await row.getByRole('button', { name: 'Thôi, giữ nguyên' }).last().click();
  await row.getByTestId('relay-open').click();
  await row.getByTestId('relay-minutes').fill('7');
  await row.getByTestId('relay-time').fill('13:05');
  await row.getByTestId('relay-fallback').first().selectOption({ label: 'Bản tin sáng' });
  said.saw.places = await row.getByTestId('relay-fallback').count();
  await axe(page, 'relay');
  await shot(page, 'relay', true);
  await row.getByTestId('relay-send').click();
  await row.getByTestId('relay-ordered').waitFor();

  await open(page, 'programmes');
  await page.getByTestId('programme-add').click();
  await page.getByTestId('programme-title').fill('Buổi có tiếp âm');
  await page.getByTestId('add-relay').click();
  said.saw.unheardOption = await page.getByTestId('item-source').locator('option', { hasText: 'Đài tỉnh' }).innerText();
  await page.getByTestId('item-minutes').fill('0');
  await page.getByTestId('take-relay').click();
  await page.getByTestId('field-error').waitFor();
  said.saw.wrong.push(['item-minutes', await page.getByTestId('field-error').innerText(), (await page.getByTestId('item-minutes').inputValue()) === '0']);
  await page.getByTestId('item-minutes').fill('3');
  await page.getByTestId('take-relay').click();
  await page.getByTestId('add-bulletin').click();
  await page.getByTestId('find-bulletin').fill('ban tin sang');
  await page.getByTestId('take-bulletin').first().click();
  said.saw.length = Number(await page.getByTestId('programme-length').getAttribute('data-ms'));
  await page.getByTestId('programme-save').click();
  await page.getByTestId('programme-said').waitFor();
  await leave(page);

  /* nobody can hear a stream of next week: it is approved without */
  const leader = await person('leader');
  await open(leader, 'approvals');
  const cards = leader.locator('[data-testid=approval]', { hasText: 'Tiếp âm Đài tỉnh' });
  const card = cards.filter({ hasText: '7 phút' }).first();
  said.saw.stream = await card.locator('.note').last().innerText();
  await card.getByTestId('approve-button').click();
  await cards.filter({ hasText: '7 phút' }).first().waitFor({ state: 'detached' });
  await leave(leader);
}

/* A template with a relay is kept back where no station can play that relay, and says which; it is renamed, taken away and
   brought back. */
async function templates() {
  const page = await person('operator');
  await open(page, 'programmes');
  const programme = page.locator('[data-testid=programme]', { hasText: 'Buổi có tiếp âm' });
  await programme.getByTestId('programme-template').click();
  await page.getByTestId('programme-template-save').click();
  await page.getByTestId('programme-said').waitFor();
  await open(page, 'compose');
  const one = page.getByTestId('template').first();
  await page.getByTestId('where-some').click();
  await page.locator('label', { hasText: order.deaf }).getByTestId('target-station').check();
  said.saw.mute = await page.getByTestId('template-mute').innerText();
  said.saw.held = await one.getAttribute('aria-disabled');
  await one.click({ force: true });
  said.saw.unused = await page.getByTestId('template-on').count();
  await axe(page, 'template-mute');
  await picture(page, 'template-mute', true);
  await page.getByTestId('where-all').click();
  await page.getByTestId('template-mute').waitFor({ state: 'detached' });
  await one.click();
  said.saw.on = await page.getByTestId('template-on').innerText();

  await page.getByTestId('templates-manage').click();
  await page.getByTestId('template-rename-open').click();
  await page.getByTestId('template-rename').fill('');
  await page.getByTestId('template-rename').press('Enter');
  said.saw.nameless = await page.getByTestId('field-error').innerText();
  await page.getByTestId('template-rename').fill('Sáng có tiếp âm');
  await page.getByTestId('template-rename').press('Enter');
  await page.getByTestId('template').filter({ hasText: 'Sáng có tiếp âm' }).waitFor();
  await axe(page, 'template-list');
  await page.getByTestId('template-remove').click();
  await page.getByTestId('template').waitFor({ state: 'detached' });
  said.saw.gone = [await page.getByTestId('template-gone').innerText(), await page.getByTestId('template-on').count(), await page.getByTestId('sent').count()];
  await page.getByTestId('template-undo').click();
  await page.getByTestId('template').filter({ hasText: 'Sáng có tiếp âm' }).waitFor();
  await leave(page);
}

const PARTS = { returned, changeGroup, neighbour, alertToGroup, testTone, holidaysOfAYear, radio, templates };
await walk(...(order.only ?? Object.keys(PARTS)).map((name) => PARTS[name]));
