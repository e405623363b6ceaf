// The flows of whoever answers for a province, over thousands of stations; see flow.mjs for what a flow is. Here
// "commune" is the whole province, "among" the commune that an emergency is for, "all" how many stations there are.
import { ask, order } from './chrome.mjs';
import { FLOWS } from './flow.mjs';

const PATIENT_MS = 60000;
const id = (page, name) => page.getByTestId(name);
const ofAll = async (path) => (await ask('operator', 'GET', `${path}?area=${order.commune}&limit=200`)).items;

const volume = {
  ...FLOWS.volume,
  async steps(page, hand, it) {
    await hand.tap(id(page, 'nav-stations'));
    await hand.write(id(page, 'station-search'), order.named);
    await hand.tap(page.locator(`[data-testid=station-row][data-station="${order.louder}"]`));
    await hand.slide(id(page, 'volume-slider'), it.wanted);
  },
};

/* Approved by who sends it, so it was heard before. */
const everyone = {
  who: 'admin', most: 5, sends: '/api/broadcasts', typed: ['text-input', 'title-input', 'date-input', 'time-input'],
  prepare: (n) => ({ title: `Lệnh toàn tỉnh số ${n}`, time: `${String(6 + (n % 12)).padStart(2, '0')}:20` }),
  async steps(page, hand, it) {
    await hand.tap(id(page, 'nav-compose'));
    await hand.tap(id(page, 'type-button'));
    await hand.write(id(page, 'text-input'), `Thông báo số ${it.title}.`);
    await hand.write(id(page, 'title-input'), it.title);
    await hand.write(id(page, 'date-input'), order.day);
    await hand.write(id(page, 'time-input'), it.time);
    if (!order.onePerson) return;
    await id(page, 'listen-button').waitFor({ timeout: PATIENT_MS });
    await hand.tap(id(page, 'listen-button'));
  },
  last: (page) => id(page, 'submit-button'),
  async done(page, it) {
    await id(page, 'sent').waitFor({ timeout: PATIENT_MS });
    it.broadcast = await id(page, 'sent').getAttribute('data-broadcast');
  },
  async proof(it) {
    const made = (await ofAll('/api/broadcasts')).filter((one) => one.title === it.title);
    return { count: made.length, state: made[0]?.targets?.map((one) => one.id === order.commune).join() };
  },
};

/* One commune of two hundred is found by its name. */
const emergency = {
  ...FLOWS.emergency, most: 6, mostByKeys: 7,
  async steps(page, hand, it) {
    await FLOWS.emergency.steps(page, hand, it);
    await hand.tap(id(page, 'alert-where').locator('summary'));
    await hand.mark(id(page, 'where-some'));
    await hand.write(id(page, 'where-search'), order.among.name);
    await hand.mark(page.locator('li', { hasText: order.among.name }).getByTestId('target-area').first());
  },
  async proof(it) {
    const made = (await ask('operator', 'GET', `/api/alerts?area=${order.commune}`)).items.filter((one) => !it.before.has(one.id));
    const found = { count: made.length, state: `${made[0]?.state} ${made[0]?.targets.map((one) => one.id).join()} ${made[0]?.progress.stations}` };
    for (const one of made) await ask('operator', 'POST', `/api/alerts/${one.id}/cancel`, {});
    return found;
  },
};

const coverage = {
  who: 'admin', most: 2, comes: true,
  prepare: () => ({}),
  steps: async (page, hand) => page.viewportSize().width < 900 && hand.tap(id(page, 'more-link')),
  last: (page) => page.locator('[data-testid=rail-coverage]:visible, [data-testid=more-coverage]:visible'),
  done: (page) => id(page, 'coverage-row').nth(order.communes - 1).waitFor(),
  proof: async (it, page) => ({ count: 1, state: `${await id(page, 'coverage-row').count()} ${await id(page, 'coverage-share').count()}` }),
};

export const PROVINCE = { why: FLOWS.why, approve: FLOWS.approve, volume, everyone, emergency, coverage, month: FLOWS.month };
