// Every screen once: three widths, light, dark and in the colours of the system; nothing scrolls sideways, axe and the content
// security policy are silent, whatever a finger has to hit is large enough, and the focus is always to be seen. Keeps a
// picture of each, and with LOA_SHOTS of each width and colour.
import { axe, COLOURS, cut, focus, forced, inEnglish, leave, magnify, open, order, person, picture, said, settle, shot, small, walk, wide } from './chrome.mjs';

const SCREENS = {
  home: '', schedule: `schedule?week=${order.empty_week}`, crowded: `schedule?week=${order.crowded_week}`, compose: 'compose', stations: 'stations', station: `stations/${order.station}`, add: 'stations/add', map: 'stations/map',
  import: 'stations/import', log: 'log?outcome=missed', approvals: 'approvals', inbox: 'inbox', sounds: 'sounds', programmes: 'programmes', calendar: 'schedule/calendar', sources: 'sources', reports: 'reports', coverage: 'coverage', groups: 'groups', alerts: 'alerts', 'alert-log': 'alert-log',
  areas: 'areas', outlines: 'areas/outlines', users: 'users', roles: 'roles', policies: 'policies', holidays: 'holidays', settings: 'settings', audit: 'audit', help: 'help?topic=stop', account: 'account', more: 'more',
};
const FORCED = ['home', 'map', 'compose', 'coverage', 'crowded', 'alerts', 'log', 'station'];
const CRAMPED = ['home', 'compose', 'alerts', 'log', 'stations', 'approvals', 'sounds'];
const WIDTHS = [[390, 844], [320, 640], [1280, 800]];

/* What is there from the screen before is not looked at. */
async function enter(page, name) {
  await page.evaluate(() => document.querySelector('main > .page, main > form')?.setAttribute('data-left', ''));
  await open(page, SCREENS[name]);
  await page.locator('[data-left]').waitFor({ state: 'detached', timeout: 1500 }).catch(() => {}); /* two addresses of one screen */
  await settle(page);
}

async function look(page, name) {
  await enter(page, name);
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: 'light' });
    await settle(page);
    await wide(page, `${name} ${width}`);
    await cut(page, `${name} ${width}`);
    if (width !== 1280) await small(page, `${name} ${width}`);
    if (width !== 320) await axe(page, `${name} ${width}`);
    await (width === 390 ? shot : picture)(page, `${name}-${width}-light`, width !== 1280);
    if (width === 390) await focus(page, `${name} ${width}`);
    await page.emulateMedia({ colorScheme: 'dark' });
    if (width === 390) await axe(page, `${name} ${width} dark`, COLOURS);
    await picture(page, `${name}-${width}-dark`, width !== 1280);
    await page.emulateMedia({ colorScheme: 'light' });
    if (width !== 320 && FORCED.includes(name)) await forced(page, `${name} ${width}`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/* What is drawn in a column of the week: boxes that meet, boxes too narrow to hit or to read, and what one can get at. */
const drawn = (page) => page.evaluate(() => {
  const boxes = [...document.querySelectorAll('[data-testid=week-item], [data-testid=week-pile], .week .fold')].map((e) => [e, e.getBoundingClientRect()]);
  const name = ([e, box]) => `${e.dataset.testid ?? 'fold'} ${e.dataset.start ?? ''} ${[box.x, box.y, box.width, box.height].map(Math.round)}`;
  const meet = ([, a], [, b]) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  const range = document.createRange();
  const hidden = boxes.filter(([e, box]) => [...e.querySelectorAll(e.dataset.testid === 'week-pile' ? 'span' : '.num')].some((text) => {
    range.selectNodeContents(text);
    const inside = range.getBoundingClientRect();
    return inside.right > box.right + 0.5 || inside.bottom > box.bottom + 0.5;
  }));
  return {
    meet: boxes.flatMap((a, n) => boxes.slice(n + 1).filter((b) => meet(a, b)).map((b) => `${name(a)} / ${name(b)}`)),
    narrow: boxes.filter(([, box]) => box.width < 24 || box.height < 24).map(name), hidden: hidden.map(name),
    single: [...document.querySelectorAll('[data-testid=week-item]')].map((e) => e.dataset.broadcast),
    piles: document.querySelectorAll('[data-testid=week-pile]').length,
  };
});

/* A morning with more bulletins than stand side by side: close ones are a pile, and each of it is chosen by keys. */
async function crowded(page) {
  const saw = (said.saw.crowded = { meet: [], narrow: [], hidden: [], lost: [], piles: [] });
  await open(page, SCREENS.crowded);
  for (const width of [1280, 900]) {
    await page.setViewportSize({ width, height: 800 });
    await settle(page);
    const { single, piles, ...wrong } = await drawn(page);
    for (const [what, found] of Object.entries(wrong)) saw[what].push(...found.map((one) => `${width}: ${one}`));
    await wide(page, `crowded ${width}`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe(page, `crowded ${width} dark`, width === 1280 ? COLOURS : null);
    await page.emulateMedia({ colorScheme: 'light' });
    await picture(page, `crowded-${width}`, true);
    for (let n = 0; n < piles; n++) {
      const pile = page.getByTestId('week-pile').nth(n);
      await pile.press('Enter');
      const rows = page.getByTestId('week-pile-sheet').getByTestId('agenda-item');
      await rows.first().waitFor();
      single.push(...(await rows.evaluateAll((all) => all.map((e) => e.dataset.broadcast))));
      if (width === 1280 && n === 0) await axe(page, 'pile');
      if (n === 0) await cut(page, `pile ${width}`);
      if (n === 0) await picture(page, `pile-${width}`);
      await page.keyboard.press('Escape');
      await rows.first().waitFor({ state: 'detached' });
    }
    saw.piles.push(piles);
    saw.lost.push(...order.crowd.filter((id) => !single.includes(id)));
  }
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: false });
  const pdf = Buffer.from(data, 'base64').toString('latin1');
  await page.emulateMedia({ media: 'print' });
  saw.paper = { pages: pdf.match(/\/Type \/Page\b(?!s)/g).length, box: pdf.match(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/).slice(1).map((n) => Math.round(Number(n))),
    head: await page.getByTestId('print-head').innerText(), lines: await page.getByTestId('week-paper').locator('td').first().locator('p').allInnerTexts(), buttons: await page.locator('main button:visible, main .btn:visible').count() };
  await picture(page, 'week-paper', true);
  await page.emulateMedia({ media: null });
  const pile = page.getByTestId('week-pile').first();
  await pile.press('Enter');
  await page.getByTestId('week-pile-sheet').getByTestId('agenda-item').nth(1).press('Enter');
  await page.getByTestId('broadcast-sheet').getByTestId('edit-broadcast').press('Enter');
  saw.movable = await page.getByTestId('broadcast-sheet').getByTestId('edit-time').inputValue();
  await page.keyboard.press('Escape');
  await page.getByTestId('broadcast-sheet').waitFor({ state: 'detached' });
  saw.back = await page.evaluate(() => document.activeElement.dataset.testid);
  await page.setViewportSize({ width: 390, height: 844 });
}

/* The smallest phone, also with letters of twice the size: what is needed in a hurry, and what a dialog asks, its buttons too. */
async function cramped(page) {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const name of CRAMPED) {
    await enter(page, name);
    await magnify(page);
    await wide(page, `${name} 320 twice`);
    await cut(page, `${name} 320 twice`);
    await picture(page, `${name}-320-twice`, true);
  }
  await open(page, SCREENS.station);
  await page.getByTestId('retire-button').click();
  await page.getByTestId('confirm-no').waitFor();
  await cut(page, 'retire 320 twice');
  await magnify(page, false);
  await cut(page, 'retire 320');
  await page.getByTestId('confirm-no').click();
  await page.setViewportSize({ width: 390, height: 844 });
}

await walk(async function everyScreen() {
  const page = await person('admin');
  for (const name of (order.only ?? Object.keys(SCREENS))) await look(page, name);
  await crowded(page);
  await cramped(page);
  await open(page, 'more');
  const linked = await page.evaluate(() => [...document.querySelectorAll('nav a, main a, header a')].map((a) => a.getAttribute('href')));
  const known = new Set(Object.values(SCREENS).map((address) => address.split('?')[0]));
  said.saw.forgotten = linked.map((href) => href.replace('#/', '')).filter((address) => !known.has(address) && address !== 'pairing');
  await leave(page);
}, async function inTheOtherLanguage() {
  /* English words are longer: where they fit, they all do */
  const page = await person('admin', { viewport: { width: 320, height: 640 } });
  await inEnglish(page);
  for (const name of (order.only ?? Object.keys(SCREENS))) {
    await enter(page, name);
    await wide(page, `${name} en`);
    await cut(page, `${name} en`);
    await picture(page, `${name}-320-en`, true);
  }
  await leave(page);
});
