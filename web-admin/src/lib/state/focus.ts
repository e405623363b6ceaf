// A button is disabled while its order is on the way, and the browser takes the focus away from it. When it may be pressed
// again, it has the focus again: whoever goes by keys stands where they stood, and nobody who went on is called back.

const isAway = (from: Element) => {
  const now = document.activeElement
  return !now || now === document.body || (now !== from && now.contains(from)) /* a dialog takes what nothing else has */
}

export function keepFocus(): void {
  let last: Element | null = null
  let waiting: HTMLButtonElement | null = null
  document.addEventListener('focusin', (event) => {
    if (event.target !== document.body && !(waiting && (event.target as Element).contains(waiting))) last = event.target as Element
  })
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!(target instanceof HTMLButtonElement)) continue
      if (target.disabled && target === last) waiting = target
      else if (!target.disabled && target === waiting) {
        waiting = null
        if (isAway(target)) target.focus()
      }
    }
  }).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ['disabled'] })
}
