import { describe, expect, it } from 'vitest'
import { learnServerTime, serverNow, serverTimeOf } from '../src/lib/state/clock.svelte'

describe('the time that is shown', () => {
  const HOUR = 3_600_000
  it('is the server’s on a phone an hour late; the answer was half its way on the road', () => {
    const sent = Date.now()
    learnServerTime(new Date(sent + HOUR + 1000).toISOString(), { sent, arrived: sent + 2000 })
    expect(serverTimeOf(sent)).toBe(sent + HOUR)
    expect(Math.abs(serverNow() - Date.now() - HOUR)).toBeLessThan(100)
  })
  it('is not lost to an answer without one', () => {
    const before = serverTimeOf(0)
    learnServerTime('', { sent: 0 })
    expect(serverTimeOf(0)).toBe(before)
  })
})
