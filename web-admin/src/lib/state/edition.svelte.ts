// A tab can outlive the controller it was opened from. Whenever the stream of events opens (a controller that was
// upgraded breaks it) the page that is served now is looked at: where it is the panel's and does not name this code, a
// newer one is there.
// Nothing is loaded anew by itself: somebody may be in the middle of a form. What a screen keeps as a draft is written
// down before a press on "load again" takes effect; a write that begins while the page goes does not always end.
import { isNewer } from '../pure/edition'

const OWN = new URL(import.meta.url).pathname.split('/').pop()!
let newer = $state(false)

const savers = new Set<() => Promise<unknown>>()

export const newerPanel = (): boolean => newer

export async function lookForNewer(): Promise<void> {
  if (newer || !import.meta.env.PROD) return
  try {
    const page = await fetch('/', { cache: 'no-cache', credentials: 'same-origin' })
    if (page.ok && page.headers.get('Content-Type')?.startsWith('text/html')) newer = isNewer(await page.text(), OWN)
  } catch {
    /* the next opening of the stream asks again */
  }
}

/** Gives the way to call it off. */
export function beforeReload(save: () => Promise<unknown>): () => void {
  savers.add(save)
  return () => void savers.delete(save)
}

export async function reload(): Promise<void> {
  await Promise.all([...savers].map((save) => save()))
  location.reload()
}
