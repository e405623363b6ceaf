import { describe, expect, it } from 'vitest'
import { addMonths, count, isMonth, percent } from '../src/lib/pure/figures'

describe('figures', () => {
  it('never rounds a failure away', () => {
    expect(percent(0.99951)).toBe('99,9%')
    expect(percent(1)).toBe('100%')
    expect(percent(0)).toBe('0%')
  })
  it('writes figures as the language does', () => {
    expect([percent(0.991, 'en'), count(69831, 'en'), count(69831)]).toEqual(['99.1%', '69,831', '69.831'])
  })
  it('says nothing of nothing', () => expect(percent(null)).toBe('–'))
  it('steps over the year', () => {
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(addMonths('2026-12', 1)).toBe('2027-01')
  })
  it('knows a month', () => {
    expect(isMonth('2026-11')).toBe(true)
    expect(isMonth('2026-13')).toBe(false)
  })
})
