import { describe, expect, it } from 'vitest'
import { CALM_LEAST_MS, CALM_MOST_MS, calmDelay } from '../src/lib/pure/calm'

describe('calm', () => {
  it('asks at once after a quiet while', () => expect(calmDelay(60_000, 10_000, 80)).toBe(0))
  it('waits out the gap', () => expect(calmDelay(10_500, 10_000, 80)).toBe(CALM_LEAST_MS - 500))
  it('asks a slow network less often', () => expect(calmDelay(10_000, 10_000, 900)).toBe(9_000))
  it('but does not forget it', () => expect(calmDelay(10_000, 10_000, 60_000)).toBe(CALM_MOST_MS))
  it('asks at most once in two seconds, whatever changes', () => {
    let asked = -CALM_MOST_MS, times = 0
    for (let now = 0; now < 60_000; now += 100) if (calmDelay(now, asked, 30) === 0) (asked = now), times++
    expect(times).toBe(30)
  })
})
