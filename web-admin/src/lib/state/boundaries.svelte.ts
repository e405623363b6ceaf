// "Upcoming" becomes "on air" by the clock alone, without any event from the server: so a screen asks
// again just after each start and end that it knows of.
import { untrack } from 'svelte'
import { serverNow } from './clock.svelte'

const GRACE_MS = 1500 /* for the answer to be about the other side of the boundary */
const LONGEST_MS = 10 * 60_000

/** Call while a component is made; `instants` are milliseconds UTC. */
export function reloadAt(instants: () => number[], reload: () => void): void {
  $effect(() => {
    const known = instants()
    const timer = arm(known, reload)
    return () => clearTimeout(timer)
  })
}

function arm(known: number[], reload: () => void): ReturnType<typeof setTimeout> | undefined {
  const now = untrack(serverNow)
  const next = Math.min(...known.filter((at) => at + GRACE_MS > now))
  if (!Number.isFinite(next)) return undefined
  return setTimeout(reload, Math.min(next + GRACE_MS - now, LONGEST_MS))
}

/** The start and the end of things, where known. */
export function edges(items: { start: string; duration_ms: number | null }[]): number[] {
  return items.flatMap(({ start, duration_ms }) => {
    const at = Date.parse(start)
    return duration_ms == null ? [at] : [at, at + duration_ms]
  })
}
