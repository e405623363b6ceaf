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

async function lostAnswer() {
  const page = await person('operator');
  const keys = [];
  page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/api/broadcasts') && keys.push(r.headers()['idempotency-key']));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: '*/api/broadcasts', requestStage: 'Response' }] });
  let lost = 0;
  devtools.on('Fetch.requestPaused', ({ requestId }) => {
    if (lost++ === 0) return devtools.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionClosed' });
    return devtools.send('Fetch.continueRequest', { requestId });
  });
  await page.getByTestId('play-again').first().click();
  await page.getByTestId('problem').waitFor();
  said.saw.said = await page.getByTestId('problem').innerText();
  await page.getByTestId('play-again').first().dblclick();
  await page.getByTestId('undo-button').click();
  await page.locator('[data-testid=undo][data-stage=done]').waitFor({ timeout: 40000 });
  said.saw.keys = keys;
  await leave(page);
}

/* The order went out, its answer did not come, and the page is loaded again before the next try. */
async function lostWithItsPage() {
  const page = await person('operator');
  await open(page, 'compose');
  const keys = [];
  page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/api/broadcasts') && keys.push(r.headers()['idempotency-key']));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Fetch.enable', { patterns: [{ urlPattern: '*/api/broadcasts', requestStage: 'Response' }] });
  devtools.once('Fetch.requestPaused', async ({ requestId }) => {
    await devtools.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionClosed' });
    await devtools.send('Fetch.disable');
  });
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

const PARTS = { closedTab, brokenUpload, lostAnswer, lostWithItsPage, offlineOrder, seenOnce };
await walk(...(order.only ?? Object.keys(PARTS)).map((name) => PARTS[name]));
