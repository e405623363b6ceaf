import { describe, expect, it } from 'vitest'
import { lunarOf } from '../src/lib/pure/lunar'
import { addDays } from '../src/lib/pure/time'

describe('Vietnamese lunar days', () => {
  it('Tết, also where China differs (1985, 2007, 2030)', () => {
    for (const key of ['1985-01-21', '2007-02-17', '2025-01-29', '2026-02-17', '2030-02-02'])
      expect([key, lunarOf(key)]).toEqual([key, expect.objectContaining({ day: 1, month: 1, leap: false })])
  })
  it('the eve of Tết is the last day of month 12', () => {
    const eve = lunarOf('2026-02-16')
    expect(eve.month).toBe(12)
    expect(eve.day).toBe(eve.length)
  })
  it('leap months of known years', () => {
    for (const [year, month] of [[2020, 4], [2023, 2], [2025, 6], [2028, 5], [2033, 11]]) {
      const leaps = new Set<number>()
      for (let n = 0; n < 366; n++) {
        const one = lunarOf(addDays(`${year}-01-01`, n))
        if (one.leap) leaps.add(one.month)
      }
      expect([year, [...leaps]]).toEqual([year, [month]])
    }
  })
  it('each day follows the one before', () => {
    let last = lunarOf('2024-12-31')
    for (let n = 1; n < 800; n++) {
      const one = lunarOf(addDays('2024-12-31', n))
      expect(one.day).toBe(last.day === last.length ? 1 : last.day + 1)
      last = one
    }
  })
})
