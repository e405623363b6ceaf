// What hands and networks do wrong: a tab that is closed while it records, a network that goes away during an upload or an
// order, an answer that is lost, a button pressed twice. See chrome.mjs. It judges nothing; test_survive.py does.
import net from 'node:net';
import { leave, network, open, order, person, said, walk } from './chrome.mjs';

const DRAFT_MS = 5500; /* the draft is saved every five seconds */
const CUT_BYTES = 2_000_000;
const DOWN_MS = 700;
const NOISE_S = 45;
const RATE = 48000;

const title = (page, text) => page.getByTestId('title-input').fill(text);

async function closedTab() {
  const page = await person('operator');
  await open(page, 'compose');
  await page.getByTestId('record-button').click();
  await page.getByTestId('stop-record').waitFor();
  await title(page, 'Ghi dở dang');
  await page.getByTestId('time-input').fill('05:45');
  await page.waitForTimeout(DRAFT_MS);
  const context = page.context();
  await page.close();
  const again = await context.newPage();
  await again.goto(`${order.url}#/compose`);
  await again.getByTestId('draft-restored').waitFor();
  await again.locator('[data-testid=sound-state][data-state=ready]').waitFor({ timeout: 40000 });
  said.saw.kept = { title: await again.getByTestId('title-input').inputValue(), time: await again.getByTestId('time-input').inputValue() };
  said.saw.recorded = await again.evaluate(async () => {
    const { items } = await (await fetch('/api/bulletins?limit=20')).json();
    return items.find((one) => one.title === 'Ghi dở dang')?.duration_ms;
  });
  await leave(again);
}

/* A noise: silence would be refused, and compresses to nothing anyway. */
function noise() {
  const data = Buffer.alloc(44 + NOISE_S * RATE * 2);
  data.write('RIFF', 0); data.writeUInt32LE(data.length - 8, 4); data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16); data.writeUInt16LE(1, 20); data.writeUInt16LE(1, 22); data.writeUInt32LE(RATE, 24);
  data.writeUInt32LE(RATE * 2, 28); data.writeUInt16LE(2, 32); data.writeUInt16LE(16, 34); data.write('data', 36); data.writeUInt32LE(data.length - 44, 40);
  for (let i = 44, x = 1; i < data.length; i += 2) data.writeInt16LE(((x = (x * 16807) % 2147483647) % 8000) - 4000, i);
  return data;
}

/* A way to the controller that breaks once, in the middle of whatever is being sent, and is gone for a while. */
async function brittleWay(afterBytes) {
  const { hostname, port } = new URL(order.url);
  const open = new Set();
  let down = false, cuts = 0;
  const way = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    open.add(near).add(far);
    for (const [from, to] of [[near, far], [far, near]]) from.on('error', () => {}).on('close', () => to.destroy());
    if (down) near.destroy();
    far.pipe(near);
    let passed = 0;
    near.on('data', (bytes) => {
      passed += bytes.length;
      if (!far.write(bytes)) near.pause();
      if (cuts > 0 || passed < afterBytes) return;
      cuts++;
      down = true;
      for (const socket of open) socket.destroy();
      setTimeout(() => (down = false), DOWN_MS);
    });
    far.on('drain', () => near.resume());
  });
  await new Promise((listening) => way.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${way.address().port}/`, cuts: () => cuts, close: () => { way.close(); for (const socket of open) socket.destroy(); } };
}

async function brokenUpload() {
  const way = await brittleWay(CUT_BYTES);
  const straight = order.url;
  order.url = way.url;
  const page = await person('operator');
  await open(page, 'compose');
  const sent = [];
  page.on('request', (r) => r.method() === 'PATCH' && r.url().includes('/api/uploads/') && sent.push(Number(r.headers()['upload-offset'])));
  await page.getByTestId('file-input').setInputFiles({ name: 'tiếng ồn.wav', mimeType: 'audio/wav', buffer: noise() });
  await title(page, 'Gửi đứt quãng');
  await page.locator('[data-testid=sound-state][data-state=ready]').waitFor({ timeout: 40000 });
  said.saw.offsets = sent;
  said.saw.cuts = way.cuts();
  await page.goto(`${order.url}#/`);
  await leave(page);
  order.url = straight;
  way.close();
}

/** The first answer to such a request (a `path` that ends with / is the begin of one) never comes. Gives the keys that went out. */
async function loseAnswer(page, method, path) {
  const keys = [];
  const isIt = (how, url) => how === method && (path.endsWith('/') ? new URL(url).pathname.startsWith(path) : new URL(url).pathname === path);
  page.on('request', (r) => isIt(r.method(), r.url()) && keys.push(r.headers()['idempotency-key'] ?? 'none'));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: `*${path}*`, requestStage: 'Response' }] });
  let lost = false;
  devtools.on('Fetch.requestPaused', ({ requestId, request }) => {
    if (lost || !isIt(request.method, request.url)) return devtools.send('Fetch.continueRequest', { requestId });
    lost = true;
    return devtools.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionClosed' });
  });
  return keys;
}

async function lostAnswer() {
  const page = await person('operator');
  const keys = await loseAnswer(page, 'POST', '/api/broadcasts');
  await page.getByTestId('play-again').first().click();
  await page.getByTestId('problem').waitFor();
  said.saw.said = await page.getByTestId('problem').innerText();
  await page.getByTestId('play-again').first().dblclick();
  /* taken back in time, and again nobody hears whether that arrived: it may be pressed on */
  const undone = await loseAnswer(page, 'DELETE', '/api/broadcasts/');
  await page.getByTestId('undo-button').click();
  await page.getByTestId('undo').getByTestId('problem').waitFor();
  said.saw.unheard = await page.getByTestId('undo-button').innerText();
  await page.getByTestId('undo-button').click();
  await page.locator('[data-testid=undo][data-stage=done]').waitFor({ timeout: 40000 });
  Object.assign(said.saw, { keys, undone });
  await leave(page);
}

/* The same at the desk: what was made although nobody heard of it is not made once more. */
async function lostForms() {
  const page = await person('admin');
  const twice = async (button, done) => {
    await page.getByTestId(button).click();
    await page.getByTestId('problem').waitFor();
    await page.getByTestId(button).click();
    await done.waitFor();
  };
  const list = (path) => page.evaluate(async (from) => (await (await fetch(from)).json()).items, path);
  const keysOf = (keys) => ({ sent: keys.length, keys: new Set(keys).size });
  await open(page, 'account');
  const token = await loseAnswer(page, 'POST', '/api/tokens');
  await page.getByTestId('token-name').fill('Bảng điện tử');
  await twice('token-add', page.getByTestId('token-secret'));
  const secret = await page.getByTestId('token-secret').inputValue();
  const works = await fetch(new URL('/api/me', order.url), { headers: { Authorization: `Bearer ${secret}` } });
  said.saw.token = { ...keysOf(token), works: works.status, count: (await list('/api/tokens')).filter((one) => one.name === 'Bảng điện tử').length };
  await open(page, 'users');
  const user = await loseAnswer(page, 'POST', '/api/users');
  await page.getByTestId('user-name').fill('Chú Mười');
  await page.getByTestId('user-login').fill('chumuoi');
  await page.getByTestId('user-password').fill('thu-hai-tuoi-cay');
  await twice('user-add', page.locator('form .note.good[role=status]'));
  const [made, ...more] = (await list('/api/users?limit=200')).filter((one) => one.login === 'chumuoi');
  said.saw.user = { ...keysOf(user), count: 1 + more.length };
  const change = await loseAnswer(page, 'PATCH', '/api/users/');
  await page.getByTestId('user-row').filter({ hasText: 'Chú Mười' }).getByTestId('user-edit').click();
  await page.getByTestId('edit-name').fill('Chú Mười Một');
  await twice('edit-save', page.getByTestId('user-sheet').getByRole('status'));
  said.saw.change = { ...keysOf(change), count: (await list('/api/audit?verb=user.change')).filter((one) => one.object === made.id).length };
  await leave(page);
}

/* The order went out, its answer did not come, and the page is loaded again before the next try. */
async function lostWithItsPage() {
  const page = await person('operator');
  await open(page, 'compose');
  const keys = await loseAnswer(page, 'POST', '/api/broadcasts');
  await page.getByTestId('type-button').click();
  await page.getByTestId('text-input').fill('Mời các cụ đi khám mắt.');
  await title(page, 'Khám mắt');
  await page.getByTestId('date-input').fill(order.day);
  await page.getByTestId('time-input').fill('06:30');
  await page.getByTestId('submit-button').click();
  await page.getByTestId('problem').waitFor({ timeout: 40000 });
  await page.reload();
  await page.getByTestId('draft-restored').waitFor();
  await page.getByTestId('submit-button').click();
  await page.getByTestId('sent').waitFor({ timeout: 40000 });
  said.saw.page = { keys, state: await page.getByTestId('sent').getAttribute('data-state') };
  await leave(page);
}

async function offlineOrder() {
  const page = await person('operator');
  await open(page, 'compose');
  await page.getByTestId('type-button').click();
  await network(page, true);
  await page.getByTestId('text-input').fill('Mời bà con đi tiêm phòng.');
  await title(page, 'Tiêm phòng');
  await page.getByTestId('date-input').fill(order.day);
  await page.getByTestId('time-input').fill('06:00');
  await page.getByTestId('submit-button').click();
  await page.getByTestId('offline-bar').waitFor();
  said.saw.offline = { bar: await page.getByTestId('offline-bar').innerText(), text: await page.getByTestId('text-input').inputValue(), title: await page.getByTestId('title-input').inputValue() };
  await network(page, false);
  await page.getByTestId('submit-button').click();
  await page.getByTestId('sent').waitFor({ timeout: 40000 });
  said.saw.online = await page.getByTestId('sent').getAttribute('data-state');
  await leave(page);
}

/* What was deleted although nobody heard of it is not called missing when it is asked for again. */
async function lostRemoval() {
  const page = await person('operator');
  await open(page, `schedule?week=${order.week}`);
  const item = page.locator('[data-testid=agenda-item]:visible', { hasText: 'Tiêm phòng' });
  await page.locator('.days .btn').nth((new Date(order.week).getUTCDay() + 6) % 7).click();
  await item.first().click();
  const keys = await loseAnswer(page, 'DELETE', '/api/broadcasts/');
  await page.getByTestId('delete-broadcast').click();
  await page.getByTestId('confirm-yes').click();
  await page.getByTestId('confirm-dialog').getByTestId('problem').waitFor();
  await page.getByTestId('confirm-yes').click();
  await page.getByTestId('confirm-dialog').waitFor({ state: 'detached' });
  await item.first().waitFor({ state: 'detached' });
  said.saw.removed = { sent: keys.length, keys: new Set(keys).size };
  await leave(page);
}

/* What failed is said at log-in until somebody has seen it, also after the page was opened anew. */
async function seenOnce() {
  const page = await person('leader');
  await page.getByTestId('since').waitFor();
  await page.getByTestId('since-seen').click();
  await page.getByTestId('since').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByTestId('day-strip').waitFor();
  said.saw.since = await page.getByTestId('since').count();
  await leave(page);
}

const PARTS = { closedTab, brokenUpload, lostAnswer, lostForms, lostWithItsPage, offlineOrder, lostRemoval, seenOnce };
await walk(...(order.only ?? Object.keys(PARTS)).map((name) => PARTS[name]));
