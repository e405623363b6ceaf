// The server's time, ticking: a phone with a wrong clock must not show a wrong hour of broadcast.

let offset = $state(0)
let now = $state(Date.now())

/** Call with every server_time; `sent` and `arrived` are those of its question and answer, in the browser's time. */
export function learnServerTime(serverTime: string, { sent, arrived = Date.now() }: { sent: number; arrived?: number }): void {
  const server = Date.parse(serverTime)
  if (!Number.isNaN(server)) offset = server - (sent + (arrived - sent) / 2)
  now = Date.now() + offset
}

export const serverNow = (): number => now

/** What the server's clock showed at a moment that this device's own clock has stamped. */
export const serverTimeOf = (device: number): number => device + offset

/** Told when the device's own clock was set, or stood still: what is known of the server's is none any more. */
export const clock = { jumped: () => {} }

const JUMP_MS = 2000
let drift = Date.now() - performance.now()
setInterval(() => {
  const before = drift
  drift = Date.now() - performance.now()
  if (Math.abs(drift - before) > JUMP_MS) clock.jumped()
  now = Date.now() + offset
}, 1000)
