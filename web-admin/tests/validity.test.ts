import { describe, expect, it } from 'vitest'
import { endsSooner, OPEN, sameValidity, typedOf, validityAt, validityDays, validityOf, wrongDays } from '../src/lib/pure/validity'

const ZONE = 'Asia/Ho_Chi_Minh'
const TODAY = '2026-11-22'
const given = { valid_from: '2026-11-23T00:00:00+07:00', valid_until: '2026-12-01T00:00:00+07:00' }

describe('validity', () => {
  it('counts the last day in', () => {
    expect(validityOf({ from: '23/11/2026', until: '30/11' }, OPEN, TODAY, ZONE)).toEqual(given)
    expect(typedOf(given, ZONE)).toEqual({ from: '23/11/2026', until: '30/11/2026' })
  })
  it('is open where nothing is typed', () => {
    expect(validityOf({ from: ' ', until: '' }, given, TODAY, ZONE)).toEqual(OPEN)
    expect(typedOf(OPEN, ZONE)).toEqual({ from: '', until: '' })
  })
  it('keeps an end within a day while the day stays', () => {
    const exact = { valid_from: null, valid_until: '2026-11-30T10:10:00Z' }
    expect(validityOf(typedOf(exact, ZONE), exact, TODAY, ZONE)).toEqual(exact)
    expect(validityDays(exact, ZONE).whole).toBe(false)
    expect(validityDays(given, ZONE)).toEqual({ from: '23/11/2026', until: '30/11/2026', whole: true })
    expect(validityOf({ from: '', until: '1/12/2026' }, exact, TODAY, ZONE).valid_until).toBe('2026-12-02T00:00:00+07:00')
  })
  it('is of the area, wherever the reader is', () => {
    expect(typedOf({ valid_from: null, valid_until: '2026-11-30T17:00:00Z' }, ZONE).until).toBe('30/11/2026')
  })
  it('says what is wrong beside the field', () => {
    const wrong = (from: string, until: string, before = OPEN) => wrongDays({ from, until }, before, TODAY, ZONE)
    expect(wrong('', '')).toEqual({ from: '', until: '' })
    expect(wrong('31/2', 'mai')).toEqual({ from: 'date', until: 'date' })
    expect(wrong('24/11', '23/11')).toEqual({ from: '', until: 'order' })
    expect(wrong('', '21/11')).toEqual({ from: '', until: 'past' })
    expect(wrong('', '22/11')).toEqual({ from: '', until: '' })
    expect(wrong('', '21/11/2026', { valid_from: null, valid_until: '2026-11-21T17:00:00Z' })).toEqual({ from: '', until: '' })
  })
  it('knows what ends sooner and nothing else', () => {
    const until = (valid_until: string | null) => ({ valid_from: null, valid_until })
    expect(endsSooner(until('2026-11-30T17:00:00Z'), OPEN)).toBe(true)
    expect(endsSooner(until('2026-11-30T17:00:00Z'), until('2026-12-01T00:00:00+07:00'))).toBe(false)
    expect(endsSooner(until('2026-12-30T17:00:00Z'), until('2026-12-01T00:00:00+07:00'))).toBe(false)
    expect(endsSooner(OPEN, until('2026-12-01T00:00:00+07:00'))).toBe(false)
    expect(endsSooner({ ...given, valid_until: '2026-11-25T00:00:00+07:00' }, { ...given, valid_from: null })).toBe(false)
    expect(sameValidity(given, { valid_from: '2026-11-22T17:00:00Z', valid_until: '2026-11-30T17:00:00Z' })).toBe(true)
  })
  it('ends with the instant that is named', () => {
    const at = (text: string) => validityAt(given, Date.parse(text))
    expect([at('2026-11-22T23:59:59+07:00'), at('2026-11-23T00:00:00+07:00'), at('2026-11-30T23:59:59+07:00'), at('2026-12-01T00:00:00+07:00')]).toEqual(['early', 'valid', 'valid', 'over'])
  })
})
