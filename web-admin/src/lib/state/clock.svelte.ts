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

setInterval(() => (now = Date.now() + offset), 1000)
