// Every screen once: three widths, light and dark; nothing scrolls sideways, axe and the content security policy are
// silent, whatever a finger has to hit is large enough, and the focus is always to be seen. Keeps a picture of each, and
// with LOA_SHOTS of each width and colour.
import { axe, COLOURS, cut, focus, inEnglish, leave, open, order, person, picture, said, settle, shot, small, walk, wide } from './chrome.mjs';

const SCREENS = {
  home: '', schedule: `schedule?week=${order.empty_week}`, compose: 'compose', stations: 'stations', station: `stations/${order.station}`, add: 'stations/add', map: 'stations/map',
  import: 'stations/import', log: 'log', approvals: 'approvals', inbox: 'inbox', sounds: 'sounds', programmes: 'programmes', calendar: 'schedule/calendar', sources: 'sources', reports: 'reports', coverage: 'coverage', groups: 'groups', alerts: 'alerts', 'alert-log': 'alert-log',
  areas: 'areas', outlines: 'areas/outlines', users: 'users', roles: 'roles', policies: 'policies', holidays: 'holidays', settings: 'settings', audit: 'audit', help: 'help?topic=stop', account: 'account', more: 'more',
};
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
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'light' });
}

await walk(async function everyScreen() {
  const page = await person('admin');
  for (const name of (order.only ?? Object.keys(SCREENS))) await look(page, name);
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
