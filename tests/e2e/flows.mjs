// The rest of what people come for: record and schedule, play again, volume, a station by its code, the month, the share of
// communes, the evidence, a new colleague, everything by keys. See chrome.mjs; "part" says which of them. It judges nothing.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { devtools, leave, logIn, open, order, person, said, settle, shot, taps, visitor, walk } from './chrome.mjs';

const PRINTED = ['reports', 'coverage', 'log'];

async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  const file = path.join(order.shots, download.suggestedFilename());
  await download.saveAs(file);
  return readFile(file);
}

async function recordAndSchedule() {
  const page = await person('operator');
  const tap = taps('record and schedule');
  await tap(page.getByTestId('nav-compose'));
  await tap(page.getByTestId('record-button'));
  await page.locator('[data-testid=level-meter]').waitFor();
  await page.waitForFunction(() => Number(document.querySelector('[data-testid=level-meter]').getAttribute('aria-valuenow')) > 30);
  await page.waitForTimeout(1500);
  await tap(page.getByTestId('stop-record'));
  await page.getByTestId('title-input').fill('Mời họp');
  await page.getByTestId('date-input').fill(order.day);
  await page.getByTestId('time-input').fill('5h30');
  await tap(page.getByTestId('submit-button'));
  await page.getByTestId('sent').waitFor({ timeout: 40000 });
  said.saw.scheduled = await page.getByTestId('sent').getAttribute('data-state');
  await leave(page);
}

async function playAgain() {
  const page = await person('operator');
  await page.getByTestId('again').waitFor();
  const tap = taps('play again');
  await tap(page.getByTestId('play-again').first());
  await page.locator('[data-testid=undo][data-stage=open]').waitFor();
  await shot(page, 'played-again');
  await leave(page);
}

async function changeVolume() {
  const page = await person('admin');
  const tap = taps('volume');
  await tap(page.getByTestId('nav-stations'));
  await tap(page.locator(`[data-testid=station-row][data-station="${order.louder}"]`));
  await page.getByTestId('volume-slider').fill('-6');
  await tap(page.getByTestId('set-volume'));
  await page.getByTestId('order-volume').waitFor();
  await leave(page);
}

async function enrolByCode() {
  const page = await person('admin');
  const tap = taps('enrol by code');
  await tap(page.getByTestId('more-link'));
  await tap(page.getByTestId('more-pairing'));
  await page.getByTestId('pairing-code').fill(order.typed.toLowerCase());
  await page.getByTestId('station-name').fill('Trạm gõ mã');
  await tap(page.getByTestId('pairing-submit'));
  await page.getByTestId('station-agenda').waitFor();
  said.saw.enrolled = await page.locator('main h1').textContent();
  await leave(page);
}

async function monthlyReport() {
  const page = await person('operator');
  const tap = taps('monthly report');
  await tap(page.getByTestId('more-link'));
  await tap(page.getByTestId('more-reports'));
  await page.getByTestId('report-figure').first().waitFor();
  said.saw.sheet = (await saved(page, () => tap(page.getByTestId('report-xlsx')))).subarray(0, 2).toString();
  said.saw.figures = await page.getByTestId('report-figure').allInnerTexts();
  await page.locator('details:has([data-testid=report-days]) summary').click();
  /* the chart and the table beside it speak of the same airings */
  said.saw.bars = await page.getByTestId('report-chart').locator('> rect').count();
  said.saw.rows = await page.evaluate(() => [...document.querySelectorAll('[data-testid=report-days] tbody tr')]
    .flatMap((row) => [...row.querySelectorAll('td')].slice(1, 5).map((cell) => Number(cell.textContent))).filter((n) => n > 0).length);
  for (const name of PRINTED) await print(page, name);
  await signed(page);
  await leave(page);
}

/* Reports of many lengths: how many cells of a table stand on the sheet that is signed. */
async function signed(page) {
  let areas = 1;
  await page.route('**/api/reports/monthly?**', async (route) => {
    const answer = await route.fetch();
    const report = await answer.json();
    await route.fulfill({ response: answer, json: { ...report, areas: Array(areas).fill(report.areas[0]), by_author: Array(areas).fill(report.by_author[0]) } });
  });
  said.saw.signed = [];
  for (; areas <= 9; areas++) {
    await open(page, 'coverage');
    await open(page, 'reports');
    const paper = async (which) => Buffer.from((await (await devtools(page)).send('Page.printToPDF', { preferCSSPageSize: true, generateTaggedPDF: true, ...which })).data, 'base64').toString('latin1');
    const sheets = (await paper({})).match(/\/Type \/Page\b(?!s)/g).length;
    said.saw.signed.push((await paper({ pageRanges: `${sheets}` })).match(/\/S \/TD\b/g)?.length ?? 0);
  }
}

/* As the printer gets it; what the page shows on paper is asked of the page. */
async function print(page, name) {
  await open(page, name);
  await page.getByTestId('print-head').waitFor({ state: 'attached' });
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: false });
  await writeFile(path.join(order.shots, `${name}.pdf`), Buffer.from(data, 'base64'));
  await page.emulateMedia({ media: 'print' });
  const seen = (id) => page.getByTestId(id).isVisible();
  said.saw[`paper ${name}`] = { head: await page.getByTestId('print-head').innerText(), signs: await seen('print-signs'), tabs: await seen('nav-home'), button: await page.locator('main .btn:visible').count() };
  await page.emulateMedia({ media: null });
}

async function coverage() {
  const page = await person('admin');
  await open(page, 'coverage');
  const shares = () => page.getByTestId('coverage-share').evaluateAll((all) => all.map((e) => e.dataset.reached));
  said.saw.before = await shares();
  await page.locator(`[data-testid=coverage-row][data-area="${order.uncovered}"] [data-testid=coverage-legacy]`).selectOption('fm');
  await page.locator('[data-testid=coverage-share][data-reached=true]').nth(1).waitFor();
  said.saw.after = await shares();
  await leave(page);
}

async function evidence() {
  const page = await person('operator');
  await page.getByTestId('nav-log').click();
  await page.getByTestId('log-from').fill(order.yesterday); /* it may have become another day since */
  await page.getByTestId('log-from').press('Enter');
  await page.waitForFunction(() => location.hash.includes('from='));
  await settle(page);
  await page.locator('[data-testid=log-row][data-outcome=played]').first().click();
  await page.getByTestId('evidence-receipt').waitFor();
  said.saw.all = await page.getByTestId('evidence-more').count();
  await page.keyboard.press('Escape');
  const way = /\/api\/airings\/[^?]+\?planned_start=/;
  await page.route(way, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), more: true } });
  });
  await page.locator('[data-testid=log-row][data-outcome=played]').first().click();
  said.saw.more = await page.getByTestId('evidence-more').innerText();
  await page.unroute(way);
  said.saw.signature = await page.getByTestId('evidence-receipt').getAttribute('data-signature');
  said.saw.way = await page.getByTestId('evidence-way').locator('li').count();
  await shot(page, 'evidence');
  await page.keyboard.press('Escape');
  const csv = (await saved(page, () => page.getByTestId('log-csv').click())).toString();
  said.saw.columns = csv.split('\n')[0];
  said.saw.airings = csv.trim().split('\n').length - 1;
  said.saw.book = (await saved(page, () => page.getByTestId('log-xlsx').click())).subarray(0, 2).toString();
  await leave(page);
}

async function newColleague() {
  const page = await person('admin');
  const tap = taps('new colleague');
  await tap(page.getByTestId('more-link'));
  await tap(page.getByTestId('more-users'));
  await page.getByTestId('user-name').fill('Chị Hoa');
  await page.getByTestId('user-login').fill('hoa');
  await page.getByTestId('user-password').fill('thu-hai-tuoi-cay');
  await page.getByTestId('user-role').selectOption('commune_operator');
  await page.getByTestId('user-area').selectOption(order.commune);
  await tap(page.getByTestId('user-add'));
  await page.getByRole('status').first().waitFor();
  const hoa = await visitor();
  await logIn(hoa, 'hoa', 'thu-hai-tuoi-cay');
  await hoa.getByTestId('compose-button').waitFor();
  said.saw.offered = { approvals: await hoa.getByTestId('approvals-link').count(), emergency: await hoa.getByTestId('alert-alerts').count() };
  await leave(hoa);

  /* she forgot it: a temporary one, which has to be changed before anything else */
  await page.locator('[data-testid=user-row]', { hasText: 'Chị Hoa' }).getByTestId('user-edit').click();
  await page.getByTestId('user-reset').click();
  await page.getByTestId('confirm-yes').click();
  const temporary = await page.getByTestId('temporary-password').inputValue();
  const again = await visitor();
  await logIn(again, 'hoa', temporary);
  await again.getByTestId('password-old').fill(temporary);
  await again.getByTestId('password-new').fill('thu-ba-nho-co');
  await again.getByTestId('password-submit').click();
  await again.getByTestId('compose-button').waitFor();
  await leave(again);
  await leave(page);
}

/* --- by keys alone ------------------------------------------------------------------------------- */

async function tabTo(page, id) {
  for (let n = 0; n < 80; n++) {
    if (await page.evaluate((name) => document.activeElement?.dataset.testid === name, id)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way by keys to ${id} on ${page.url()}`);
}

async function byKeys() {
  const page = await visitor({ viewport: { width: 1280, height: 800 } });
  const write = async (id, text) => {
    await tabTo(page, id);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  };
  const press = async (id) => {
    await tabTo(page, id);
    await page.keyboard.press('Enter');
  };
  await page.goto(order.url);
  await page.getByTestId('login-name').waitFor();
  await write('login-name', 'operator');
  await write('login-password', order.accounts.operator);
  await page.keyboard.press('Enter');
  await page.getByTestId('nav-compose').waitFor();
  await press('nav-compose');
  await settle(page);
  await press('type-button');
  await write('text-input', 'Mời bà con tới nhà văn hóa.');
  await write('title-input', 'Chỉ bằng bàn phím');
  await write('date-input', order.day);
  await write('time-input', '1715');
  await press('submit-button');
  await page.getByTestId('sent').waitFor({ timeout: 40000 });
  said.saw.keys = await page.getByTestId('sent').getAttribute('data-start');
  await leave(page);
}

const PARTS = { work: [recordAndSchedule, playAgain, changeVolume, enrolByCode, newColleague, byKeys], look: [evidence, monthlyReport, coverage] };
await walk(...PARTS[order.part]);
