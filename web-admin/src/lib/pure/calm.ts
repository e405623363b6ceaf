// How long to wait before asking again for something that keeps changing. Five thousand stations change
// every second: the first change is shown at once, the next ones at most every two seconds, and never so
// often that a slow network or a slow phone does nothing else.
export const CALM_LEAST_MS = 2_000
export const CALM_MOST_MS = 15_000
const SHARE = 10 /* of the time, one part at most goes into asking */

/** Milliseconds from `now`; `asked` is when it was last asked for, `took` how long the answer took. */
export function calmDelay(now: number, asked: number, took: number): number {
  const gap = Math.min(CALM_MOST_MS, Math.max(CALM_LEAST_MS, took * SHARE))
  return Math.max(0, asked + gap - now)
}
