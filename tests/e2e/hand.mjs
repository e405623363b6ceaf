// How somebody works a page: with a finger, or with keys alone. Both offer the same acts, so that a flow is written once.
// `taps` counts what decides; filling in a field is none. By keys nothing but Tab, Enter, Space, arrows and letters is
// pressed, and wherever the focus comes by, it has a ring and is not covered: `unseen` says where it was not.
const TABS_MOST = 160; /* from the first link of a screen to its last button */
const STEPS_MOST = 60; /* of a slider or a list */
const HOLD_MS = 1600;

/* In the page. `pickfile` rings for the file input that it hides. */
function focusShown() {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const ringed = e.closest('.pickfile') ?? e;
  const style = getComputedStyle(ringed);
  const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const box = ringed.getBoundingClientRect();
  const x = [box.left + 3, (box.left + box.right) / 2, box.right - 3].map((n) => Math.min(Math.max(n, 1), innerWidth - 2));
  const y = [box.top + 3, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, box.bottom - 3].filter((n) => n > 0 && n < innerHeight);
  const over = y.some((b) => x.some((a) => { const top = document.elementFromPoint(a, b); return top && (ringed.contains(top) || top.contains(ringed)); }));
  return { ring, over, what: e.outerHTML.slice(0, 110) };
}

class Pointer {
  taps = 0;
  constructor(page) {
    this.page = page;
  }
  async tap(target) {
    this.taps++;
    await target.click();
  }
  /* Who sees nothing happen presses again. */
  async tapTwice(target) {
    this.taps++;
    await target.click({ clickCount: 2, delay: 20 });
  }
  async hold(target) {
    this.taps++;
    await target.click({ delay: HOLD_MS });
  }
  mark = (target) => target.check();
  write = (target, text) => target.fill(text);
  choose = (target, value) => target.selectOption(value);
  slide = (target, value) => target.fill(String(value));
}

class Keys {
  taps = 0;
  unseen = new Set();
  constructor(page) {
    this.page = page;
  }
  async go(target) {
    await target.waitFor();
    const there = () => target.evaluate((e) => document.activeElement === e);
    for (let n = 0; n < TABS_MOST; n++) {
      if (await there()) return;
      await this.page.keyboard.press('Tab');
      const shown = await this.page.evaluate(focusShown);
      if (shown && !shown.ring) this.unseen.add(`no ring: ${shown.what}`);
      if (shown && !shown.over) this.unseen.add(`covered: ${shown.what}`);
    }
    throw new Error(`no way by keys to ${target} on ${this.page.url()}`);
  }
  async tap(target) {
    this.taps++;
    await this.go(target);
    await this.page.keyboard.press('Enter');
  }
  async tapTwice(target) {
    await this.tap(target);
    await this.page.keyboard.press('Enter');
  }
  /* The other way of a button that is held: once, and once more. */
  async hold(target) {
    this.taps += 2;
    await this.go(target);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.hold.armed').waitFor();
    await this.page.keyboard.press('Enter');
  }
  /* Of radio buttons only the one that is chosen is a stop of Tab; arrows choose another. */
  async mark(target) {
    const group = await target.evaluate((e) => (e.type === 'radio' ? e.name : ''));
    await this.go(group ? this.page.locator(`input[type=radio][name="${group}"]:checked`) : target);
    if (!group) return this.page.keyboard.press('Space');
    for (let n = 0; !(await target.isChecked()); n++) {
      if (n === STEPS_MOST) throw new Error(`${target} cannot be chosen by arrows`);
      await this.page.keyboard.press('ArrowDown');
    }
  }
  async write(target, text) {
    await this.go(target);
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.type(text);
  }
  async choose(target, value) {
    const at = () => target.evaluate((e, wanted) => [...e.options].findIndex((one) => one.value === wanted) - e.selectedIndex, value);
    await this.#step(target, at, 'ArrowDown', 'ArrowUp');
  }
  async slide(target, value) {
    await this.#step(target, async () => value - Number(await target.inputValue()), 'ArrowRight', 'ArrowLeft');
  }
  async #step(target, distance, on, back) {
    await this.go(target);
    for (let n = 0; n < STEPS_MOST; n++) {
      const left = await distance();
      if (left === 0) return;
      await this.page.keyboard.press(left > 0 ? on : back);
    }
    throw new Error(`${target} did not come to what was wanted`);
  }
}

export const handOf = (kind, page) => (kind === 'keys' ? new Keys(page) : new Pointer(page));
