// The ten things that people come for, each written once for every width, colour, hand and line.
//
//   who      logs in and stands on the home page
//   most     decisions that it may take
//   prepare  what has to be there before (by the test, beside the browser); its answer is `it`
//   steps    all but the last act
//   last     what is pressed last, and needs the line; `act: 'hold'` where pressing means holding
//   heals    the page itself sees that what lost its answer is done: nothing has to be sent again
//   comes    true where the page comes by itself once the line is back, without another press
//   after    what is left to look at
//   sends    the address of the order: asked for once, or again with the same key
//   typed    fields that must still hold what was written when the last act failed
//   done     the page says so
//   proof    what the controller says it has become; `count` is how many there are
import { ask, order } from './chrome.mjs';

const PATIENT_MS = 60000;
const ALERTS_REAL = 2; /* an hour's worth is limited at each station; the other walks are drills */
let alerts = 0;
let sounding = order.sounding; /* on air already */
const sleep = (ms) => new Promise((over) => setTimeout(over, ms));
const id = (page, name) => page.getByTestId(name);
const wide = (page) => page.viewportSize().width >= 900; /* the rail instead of the tabs */

async function until(check, what) {
  for (const end = Date.now() + PATIENT_MS; Date.now() < end; await sleep(200)) {
    const found = await check();
    if (found) return found;
  }
  throw new Error(`waited in vain: ${what}`);
}

/** What is behind "more" on a phone stands in the rail of a desk. */
async function menu(page, hand, name) {
  if (wide(page)) return hand.tap(id(page, `rail-${name}`));
  await hand.tap(id(page, 'more-link'));
  return hand.tap(id(page, `more-${name}`));
}

const everywhere = () => [{ kind: 'area', id: order.commune }];
const broadcasts = async () => (await ask('operator', 'GET', `/api/broadcasts?area=${order.commune}&limit=200`)).items;
const airings = async (broadcast) => (await ask('operator', 'GET', `/api/airings?broadcast=${broadcast}&limit=50`)).items;
const hour = (n) => `${String(5 + Math.floor(n / 5) % 15).padStart(2, '0')}:${String((n % 5) * 11 + 3).padStart(2, '0')}`;

const record = {
  who: 'operator', most: 4, sends: '/api/broadcasts', typed: ['title-input', 'date-input', 'time-input'],
  prepare: (n) => ({ title: `Ghi âm số ${n}`, time: hour(n) }),
  async steps(page, hand, it) {
    await hand.tap(id(page, 'nav-compose'));
    await hand.tap(id(page, 'record-button'));
    await page.waitForFunction(() => Number(document.querySelector('[data-testid=level-meter]')?.getAttribute('aria-valuenow')) > 30);
    await sleep(1500);
    await hand.tap(id(page, 'stop-record'));
    await hand.write(id(page, 'title-input'), it.title);
    await hand.write(id(page, 'date-input'), order.day);
    await hand.write(id(page, 'time-input'), it.time);
    await page.locator('[data-testid=sound-state][data-state=ready]').waitFor({ timeout: PATIENT_MS });
  },
  last: (page) => id(page, 'submit-button'),
  done: (page) => id(page, 'sent').waitFor({ timeout: PATIENT_MS }),
  async proof(it) {
    const made = (await broadcasts()).filter((one) => one.title === it.title);
    return { count: made.length, state: made[0]?.state };
  },
};

const again = {
  who: 'operator', most: 1, sends: '/api/broadcasts',
  prepare: async () => ({ before: new Set((await broadcasts()).map((one) => one.id)) }),
  steps: (page) => id(page, 'play-again').first().waitFor(),
  last: (page) => id(page, 'play-again').first(),
  done: (page) => page.locator('[data-testid=undo]').waitFor(),
  async proof(it) {
    const made = (await broadcasts()).filter((one) => !it.before.has(one.id) && one.when.kind === 'now');
    for (const one of made) await ask('operator', 'DELETE', `/api/broadcasts/${one.id}`);
    return { count: made.length, state: made[0]?.when.kind };
  },
};

const stop = {
  who: 'operator', most: 2, sends: '/stop', heals: true,
  async prepare() {
    const made = sounding ?? await ask('operator', 'POST', '/api/broadcasts', { bulletin: order.long, area: order.commune, targets: everywhere(), when: { kind: 'now' } });
    sounding = null;
    await until(async () => (await airings(made.id)).some((one) => one.outcome === 'playing'), 'the long bulletin to sound');
    return { broadcast: made.id };
  },
  async steps(page, hand) {
    await hand.tap(id(page, 'stop-now').first());
    await id(page, 'confirm-yes').waitFor();
  },
  last: (page) => id(page, 'confirm-yes'),
  done: (page) => id(page, 'confirm-dialog').waitFor({ state: 'detached' }),
  async proof(it) {
    const all = await until(async () => {
      const now = await airings(it.broadcast);
      return now.every((one) => one.outcome !== 'playing') && now;
    }, 'the horn to fall silent');
    return { count: 1, state: all.find((one) => one.station === order.louder)?.outcome };
  },
};

const why = {
  who: 'operator', most: 2, comes: true,
  prepare: () => ({}),
  steps: (page) => id(page, 'since-row').first().waitFor(),
  last: (page) => id(page, 'since-row').first(),
  after: (page, hand) => hand.tap(page.locator('[data-testid=log-row][data-outcome=missed]').first()),
  done: (page) => id(page, 'evidence-reason').waitFor(),
  proof: async (it, page) => ({ count: 1, state: (await id(page, 'evidence-reason').innerText()) ? 'said' : 'silent' }),
};

const approve = {
  who: 'leader', most: 3, sends: '/approve', heals: true,
  async prepare(n) {
    const title = `Chờ duyệt số ${n}`;
    const made = await ask('operator', 'POST', '/api/bulletins', { area: order.commune, title, language: 'vi', text: `Thông báo số ${n}.` });
    await until(async () => (await ask('operator', 'GET', `/api/bulletins/${made.id}`)).audio === 'ready', 'the text to be read aloud');
    await ask('operator', 'POST', `/api/bulletins/${made.id}/submit`);
    return { title, bulletin: made.id };
  },
  async steps(page, hand, it) {
    await hand.tap(id(page, 'approvals-link'));
    const card = page.locator('[data-testid=approval]', { hasText: it.title });
    await hand.tap(id(card, 'listen-button'));
    await page.waitForFunction((one) => document.querySelector(`[data-bulletin="${one}"] [data-testid=approve-button]`)?.getAttribute('aria-disabled') === 'false', it.bulletin);
  },
  last: (page, it) => id(page.locator('[data-testid=approval]', { hasText: it.title }), 'approve-button'),
  done: (page, it) => page.locator('[data-testid=approval]', { hasText: it.title }).waitFor({ state: 'detached' }),
  async proof(it) {
    const now = await ask('leader', 'GET', `/api/bulletins/${it.bulletin}`);
    return { count: 1, state: now.state };
  },
};

const enrol = {
  who: 'admin', most: 3, sends: '/api/enrolments/', typed: ['pairing-code', 'station-name', 'station-area'],
  prepare: (n) => ({ code: order.codes[n % order.codes.length], name: `Trạm ghép số ${n}` }),
  async steps(page, hand, it) {
    await menu(page, hand, 'pairing');
    await hand.write(id(page, 'pairing-code'), it.code.toLowerCase());
    await hand.write(id(page, 'station-name'), it.name);
    await hand.choose(id(page, 'station-area'), order.village);
  },
  last: (page) => id(page, 'pairing-submit'),
  done: (page) => id(page, 'station-agenda').waitFor(),
  async proof(it) {
    const made = (await ask('admin', 'GET', `/api/stations?area=${order.village}&limit=200`)).items.filter((one) => one.name === it.name);
    for (const one of made) await ask('admin', 'POST', `/api/stations/${one.id}/retire`, {});
    return { count: made.length, state: 'paired' };
  },
};

const volume = {
  who: 'admin', most: 3, sends: '/volume', typed: ['volume-slider'], heals: true,
  prepare: async (n) => ({ wanted: -1 - (n % 12) }),
  async steps(page, hand, it) {
    await hand.tap(id(page, 'nav-stations'));
    await hand.tap(page.locator(`[data-testid=station-row][data-station="${order.louder}"]`));
    await hand.slide(id(page, 'volume-slider'), it.wanted);
  },
  last: (page) => id(page, 'set-volume'),
  done: (page) => id(page, 'order-volume').waitFor(),
  async proof(it) {
    const now = await ask('admin', 'GET', `/api/stations/${order.louder}`);
    return { count: 1, state: now.volume_db === it.wanted ? 'set' : `${now.volume_db} instead of ${it.wanted}` };
  },
};

const emergency = {
  who: 'operator', most: 3, mostByKeys: 4, act: 'hold', sends: '/api/alerts',
  prepare: async () => ({ drill: alerts++ >= ALERTS_REAL, before: new Set((await ask('operator', 'GET', `/api/alerts?area=${order.commune}`)).items.map((one) => one.id)) }),
  async steps(page, hand, it) {
    await hand.tap(id(page, 'alert-alerts'));
    if (it.drill) await hand.mark(id(page, 'drill-mode'));
    await hand.tap(id(page, 'alert-clip').first());
    await id(page, 'alert-go').waitFor();
  },
  last: (page) => id(page, 'alert-go'),
  done: (page) => page.locator('[data-testid=alert][data-state=active]').waitFor(),
  async proof(it) {
    const made = (await ask('operator', 'GET', `/api/alerts?area=${order.commune}`)).items.filter((one) => !it.before.has(one.id));
    for (const one of made) await ask('operator', 'POST', `/api/alerts/${one.id}/cancel`, {});
    return { count: made.length, state: made[0]?.state };
  },
};

const month = {
  who: 'operator', most: 3, download: true,
  prepare: () => ({}),
  async steps(page, hand) {
    await menu(page, hand, 'reports');
    await id(page, 'report-figure').first().waitFor();
  },
  last: (page) => id(page, 'report-xlsx'),
  done: () => {},
  proof: (it) => ({ count: 1, state: it.bytes }),
};

const colleague = {
  who: 'admin', most: 3, sends: '/api/users', typed: ['user-name', 'user-login', 'user-password', 'user-role', 'user-area'],
  prepare: (n) => ({ login: `cobinh${n}`, name: `Cô Bình ${n}` }),
  async steps(page, hand, it) {
    await menu(page, hand, 'users');
    await hand.write(id(page, 'user-name'), it.name);
    await hand.write(id(page, 'user-login'), it.login);
    await hand.write(id(page, 'user-password'), 'thu-hai-tuoi-cay');
    await hand.choose(id(page, 'user-role'), 'village_head');
    await hand.choose(id(page, 'user-area'), order.village);
  },
  last: (page) => id(page, 'user-add'),
  done: (page) => page.locator('form .note.good[role=status]').waitFor(),
  async proof(it) {
    const made = (await ask('admin', 'GET', '/api/users')).items.filter((one) => one.login === it.login);
    return { count: made.length, state: made[0]?.grants.map((one) => one.role).join() };
  },
};

export const FLOWS = { record, again, stop, why, approve, enrol, volume, emergency, month, colleague };
