import { describe, expect, it } from 'vitest'
import { extraMembers, firstStart, fromWhen, names, nextDays, ONCE, PLAIN, toWhen, type Pattern } from '../src/lib/pure/wish'

const ZONE = 'Asia/Ho_Chi_Minh'
const AT = '2026-11-23T05:30:00+07:00'
const shape = (of: Partial<Pattern>): Pattern => ({ ...ONCE, ...of })

describe('a wish goes to the wire and comes back', () => {
  it('plain ones stay plain', () => {
    expect(toWhen(shape({ kind: 'now' }), AT)).toEqual({ kind: 'now' })
    expect(toWhen(shape({}), AT)).toEqual({ kind: 'once', at: AT })
    expect(toWhen(shape({ kind: 'daily' }), AT)).toEqual({ kind: 'daily', at: AT })
    expect(toWhen(shape({ kind: 'weekly', weekdays: [0, 2] }), AT)).toEqual({ kind: 'rule', start: AT, rrule: 'FREQ=WEEKLY;BYDAY=MO,WE' })
  })
  it('holidays and intervals make a rule of "daily"', () => {
    expect(toWhen(shape({ kind: 'daily', holidays: 'except', until: '2026-12-31' }), AT)).toEqual({ kind: 'rule', start: AT, rrule: 'FREQ=DAILY', until: '2026-12-31', holidays: { calendar: 'vn', mode: 'except' } })
    expect(toWhen(shape({ kind: 'weekly', weekdays: [4], every: 2 }), AT).rrule).toBe('FREQ=WEEKLY;INTERVAL=2;BYDAY=FR')
  })
  it('what never starts is no order, least of all one for now', () => {
    const over = shape({ kind: 'daily', until: '2020-01-01' })
    expect(firstStart(over, { hour: 5, minute: 30, second: 0 }, Date.parse(AT), ZONE)).toBeNull()
    expect(() => toWhen(over, null)).toThrow()
    expect(toWhen(shape({ kind: 'now' }), null)).toEqual({ kind: 'now' })
  })
  it('lunar and solar months', () => {
    expect(toWhen(shape({ kind: 'monthly' }), AT).lunar).toEqual({ days: [1, 15] })
    expect(toWhen(shape({ kind: 'monthly', days: [-1], months: [12], leap: false }), AT).lunar).toEqual({ days: [-1], months: [12], leap: false })
    expect(toWhen(shape({ kind: 'monthly', lunar: false, days: [5, -1], months: [3, 9] }), AT).rrule).toBe('FREQ=MONTHLY;BYMONTHDAY=5,-1;BYMONTH=3,9')
  })
  it('every pattern survives the way there and back', () => {
    for (const of of [
      { kind: 'daily' }, { kind: 'daily', every: 3 }, { kind: 'weekly', weekdays: [1, 6], every: 2, holidays: 'only', calendar: 'tinh' },
      { kind: 'monthly', days: [1, 15], months: [1] }, { kind: 'monthly', lunar: false, days: [10, -1], until: '2027-01-01' },
    ] as Partial<Pattern>[])
      expect(fromWhen(toWhen(shape(of), AT))).toEqual(shape(of))
  })
  it('what it cannot say it does not guess', () => {
    expect(fromWhen({ kind: 'rule', rrule: 'FREQ=MONTHLY;BYDAY=2MO' })).toBe(null)
    expect(fromWhen({ kind: 'rule', rrule: 'FREQ=WEEKLY;BYDAY=1MO' })).toBe(null)
    expect(fromWhen({ kind: 'rule', rrule: 'FREQ=DAILY;COUNT=5' })).toBe(null)
  })
})

describe('the days of a wish', () => {
  it('lunar first and fifteenth', () => expect(nextDays(shape({ kind: 'monthly' }), '2026-11-22', 3)).toEqual(['2026-11-23', '2026-12-09', '2026-12-23']))
  it('the eve of Tết, whether the month has 29 days or 30', () =>
    expect(nextDays(shape({ kind: 'monthly', days: [-1], months: [12] }), '2026-01-01', 3)).toEqual(['2026-02-16', '2027-02-05', '2028-01-25']))
  it('the last day of a solar month', () => expect(nextDays(shape({ kind: 'monthly', lunar: false, days: [-1] }), '2027-02-01', 2)).toEqual(['2027-02-28', '2027-03-31']))
  it('a leap month counts unless it is left out', () => {
    expect(names('2025-07-25', shape({ kind: 'monthly', days: [1], months: [6] }))).toBe(true)
    expect(names('2025-07-25', shape({ kind: 'monthly', days: [1], months: [6], leap: false }))).toBe(false)
  })
  it('ends with its last day', () => expect(nextDays(shape({ kind: 'daily', until: '2026-11-23' }), '2026-11-22', 9)).toEqual(['2026-11-22', '2026-11-23']))
  it('starts after now, today or on the next day that fits', () => {
    const now = Date.parse('2026-11-23T06:00:00+07:00')
    const at = (of: Partial<Pattern>) => new Date(firstStart(shape(of), { hour: 5, minute: 30, second: 0 }, now, ZONE)!).toISOString()
    expect(at({ kind: 'daily' })).toBe('2026-11-23T22:30:00.000Z')
    expect(at({ kind: 'weekly', weekdays: [0] })).toBe('2026-11-29T22:30:00.000Z')
    expect(at({ kind: 'monthly' })).toBe('2026-12-08T22:30:00.000Z')
    expect(firstStart(shape({ kind: 'weekly' }), { hour: 5, minute: 0, second: 0 }, now, ZONE)).toBe(null)
  })
})

describe('options', () => {
  it('say only what differs', () => {
    expect(extraMembers(PLAIN)).toEqual({})
    expect(extraMembers({ count: 3, gapMin: 10, preempt: 'drop', lateMin: 0, filler: true })).toEqual({ repeat: { count: 3, gap_s: 600 }, tolerance_s: 0, on_preempt: 'drop', filler: true })
  })
})
