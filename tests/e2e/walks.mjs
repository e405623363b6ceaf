// Walks of the ten flows: each cell of the order says which flow, how wide, in which colours, by which hand and over which
// line. See flow.mjs and hand.mjs. It judges nothing but what no screen may show; test_walks.py does. `cells`: what came of
// each; `failed`: where a walk did not come to its end (the others go on).
//
//   good   as it is
//   slow   slow 4G, a phone also with a quarter of the processor, and a person who presses twice
//   lost   the line goes away just before the last act and comes back afterwards
//   cut    the order arrives, its answer does not: broken off, or a gateway says 502 in its place
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { axe, browser, devtools, leave, network, order, person, picture, said, shot, slowNetwork, small, walk, wide } from './chrome.mjs';
import { FLOWS } from './flow.mjs';
import { handOf } from './hand.mjs';
import { PROVINCE } from './province.mjs';

const flows = order.province ? PROVINCE : FLOWS;
const HEIGHT = { 1280: 800, 390: 844, 320: 640 };
const SLOWER = 4;
const TOLD_MS = 5000;
const shown = async (locator) => (await locator.isVisible()) && (await locator.innerText()).trim();

const named = ({ flow, width, colour, hand, line }) => `${flow} ${width} ${colour} ${hand} ${line}`;

/** The keys under which the order left the page. */
function orders(page, ending) {
  const keys = [];
  page.on('request', (r) => r.method() === 'POST' && ending && isFor(r.url(), ending) && keys.push(r.headers()['idempotency-key'] ?? 'none'));
  return keys;
}
const isFor = (url, ending) => { const { pathname } = new URL(url); return ending.endsWith('/') ? pathname.startsWith(ending) : pathname.endsWith(ending); };

async function cutAnswer(page, ending, byGateway) {
  const tool = await devtools(page);
  await tool.send('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Response' }] });
  let cut = false;
  tool.on('Fetch.requestPaused', ({ requestId, request }) => {
    if (cut || request.method !== 'POST' || !isFor(request.url, ending)) return tool.send('Fetch.continueRequest', { requestId }).catch(() => {});
    cut = true;
    return byGateway ? tool.send('Fetch.fulfillRequest', { requestId, responseCode: 502, body: Buffer.from('<html>Bad Gateway</html>').toString('base64') })
      : tool.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionClosed' });
  });
}

const written = async (page, flow) => Object.fromEntries(await Promise.all((flow.typed ?? []).map(async (name) => [name, await page.getByTestId(name).inputValue()])));

async function press(page, hand, flow, it, twice) {
  const target = flow.last(page, it);
  if (flow.act === 'hold') return hand.hold(target);
  if (!flow.download) return twice ? hand.tapTwice(target) : hand.tap(target);
  const [file] = await Promise.all([page.waitForEvent('download'), hand.tap(target)]);
  const kept = path.join(order.shots, `${it.picture}-${file.suggestedFilename()}`);
  it.bytes = await file.saveAs(kept).then(async () => (await readFile(kept)).subarray(0, 2).toString(), () => 'failed');
}

/* What went wrong, and whether it can be read where the page stands; null where the page has healed meanwhile. */
async function problemOn(page, flow) {
  const read = () => {
    const note = document.querySelector('[data-testid=problem]');
    if (!note) return null;
    const box = note.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + 24);
    return { text: note.innerText, seen: top !== null && note.contains(top) };
  };
  let last = null;
  for (const end = Date.now() + TOLD_MS; Date.now() < end && !last?.seen; await page.waitForTimeout(50)) {
    const now = await page.evaluate(read);
    if (last && !now && flow.heals) break;
    last = now ?? last;
  }
  return last;
}

/* Just before the last act the line is gone, or it carries the order there and no answer back. */
async function withoutLine(page, hand, flow, it, lost, where) {
  const before = await written(page, flow);
  if (lost) await network(page, true);
  await press(page, hand, flow, it).catch((error) => { if (!flow.download) throw error; });
  if (lost) await page.getByTestId('offline-bar').waitFor();
  const problem = flow.sends ? await problemOn(page, flow) : null;
  if (problem && !problem.seen) said.unseen.push(`${where}: what went wrong is not in sight`);
  const told = { bar: await shown(page.getByTestId('offline-bar')), problem: problem?.text ?? '' };
  const healed = flow.heals && !lost && (await page.getByTestId('problem').count()) === 0;
  if (hand.unseen && flow.sends && !healed && !(await flow.last(page, it).evaluate((e) => document.activeElement === e, null, { timeout: 1000 }).catch(() => flow.heals))) hand.unseen.add('the focus was lost with the line');
  if (!hand.unseen) await axe(page, `${where}, told`);
  await picture(page, `${it.picture}-told`);
  if (lost) {
    await network(page, false);
    await page.getByTestId('offline-bar').waitFor({ state: 'detached' });
  }
  const kept = JSON.stringify(before) === JSON.stringify(await written(page, flow));
  const taps = hand.taps;
  if (flow.heals && !lost) await page.getByTestId('problem').waitFor({ state: 'detached', timeout: 3000 }).catch(() => {});
  const done = flow.heals && !lost && (await page.getByTestId('problem').count()) === 0;
  if (!flow.comes && !done) await press(page, hand, flow, it);
  hand.taps = taps; /* trying again is not counted */
  return { told, kept };
}

async function oneWalk(cell, n) {
  const flow = flows[cell.flow];
  const it = { ...(await flow.prepare(n)), picture: `walk-${cell.flow}-${cell.width}-${cell.colour}-${cell.line}` };
  const page = await person(flow.who, { viewport: { width: cell.width, height: HEIGHT[cell.width] }, colorScheme: cell.colour });
  const hand = handOf(cell.hand, page);
  const sent = orders(page, flow.sends);
  if (cell.line === 'slow') {
    await slowNetwork(page);
    if (cell.width < 1000) await (await devtools(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  }
  await flow.steps(page, hand, it);
  if (cell.line === 'good' || order.daily) await look(page, cell, it, cell.hand === 'pointer');
  if (cell.line === 'cut') await cutAnswer(page, flow.sends, n % 2 === 1);
  let seen = {};
  if (cell.line === 'lost' || cell.line === 'cut') seen = await withoutLine(page, hand, flow, it, cell.line === 'lost', named(cell));
  else await press(page, hand, flow, it, cell.line === 'slow' && flow.sends);
  await flow.after?.(page, hand, it);
  await flow.done(page, it);
  await look(page, cell, { picture: `${it.picture}-done` }, false);
  said.saw.cells[named(cell)] = { ...seen, taps: hand.taps, most: (cell.hand === 'keys' && flow.mostByKeys) || flow.most, keys: [...new Set(sent)].length, sent: sent.length, proof: await flow.proof(it, page) };
  for (const one of hand.unseen ?? []) said.unseen.push(`${named(cell)}: ${one}`);
  await leave(page);
}

async function look(page, cell, it, judged) {
  await wide(page, named(cell));
  if (judged) {
    if (cell.width < 1000) await small(page, named(cell));
    await axe(page, named(cell));
  }
  await picture(page, it.picture);
}

await walk(async function walks() {
  said.saw = { cells: {}, failed: [] };
  for (const login of ['operator', 'leader', 'admin']) await leave(await person(login));
  for (const [n, cell] of order.cells.entries()) {
    const began = Date.now();
    await oneWalk(cell, n).catch(async (error) => {
      said.saw.failed.push(`${named(cell)}: ${String(error.stack).slice(0, 600)}`);
      for (const context of browser.contexts()) {
        for (const page of context.pages()) await shot(page, `failed-${named(cell).replaceAll(' ', '-')}`).catch(() => {});
        await context.close();
      }
    });
    if (process.env.LOA_TIMES) console.error(`${named(cell)}: ${Date.now() - began} ms`);
  }
});
