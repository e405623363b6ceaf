import { describe, expect, it } from 'vitest'
import {
  addDays, atDay, clockText, dateText, dayKey, dayStart, instantOf, isDay, mondayOf, parseDate, parseTime, rfc3339, stopwatch, wallOf, weekdayOf,
} from '../src/lib/pure/time'

const HCM = 'Asia/Ho_Chi_Minh'
const PARIS = 'Europe/Paris'

describe('wall time is the area’s, whatever the browser’s own zone', () => {
  const evening = Date.parse('2026-11-21T23:30:00Z')
  it('shows the day and hour of the commune', () => {
    expect(dateText(evening, HCM)).toBe('22/11/2026')
    expect(clockText(evening, HCM)).toBe('06:30')
    expect(dayKey(evening, HCM)).toBe('2026-11-22')
  })
  it('midnight is 00:00, never 24:00', () => expect(clockText(Date.parse('2026-11-21T17:00:00Z'), HCM)).toBe('00:00'))
  it('writes the offset on the wire', () => {
    expect(rfc3339(evening, HCM)).toBe('2026-11-22T06:30:00+07:00')
    expect(rfc3339(evening, 'America/St_Johns')).toBe('2026-11-21T20:00:00-03:30')
    expect(Date.parse(rfc3339(evening, HCM))).toBe(evening)
  })
  it('a day starts at local midnight', () => expect(dayStart('2026-11-22', HCM)).toBe(Date.parse('2026-11-21T17:00:00Z')))
})

describe('the two odd nights of the year', () => {
  it('a skipped hour moves forward', () => {
    const at = atDay('2026-03-29', { hour: 2, minute: 30, second: 0 }, PARIS)
    expect(clockText(at, PARIS)).toBe('03:30')
  })
  it('a repeated hour is the first one', () => {
    const at = atDay('2026-10-25', { hour: 2, minute: 30, second: 0 }, PARIS)
    expect(new Date(at).toISOString()).toBe('2026-10-25T00:30:00.000Z')
  })
  it('every other hour goes there and back', () => {
    for (let t = Date.parse('2026-01-01T00:10:05Z'); t < Date.parse('2027-01-01'); t += 37 * 3_600_000) {
      const back = instantOf(wallOf(t, PARIS), PARIS)
      expect([t, t - 3_600_000]).toContain(back)
    }
  })
  it('takes only the time of day from a whole wall time', () =>
    expect(dayKey(atDay('2026-11-22', wallOf(0, HCM), HCM), HCM)).toBe('2026-11-22'))
})

describe('what people type', () => {
  it.each([['22/11/2026', '2026-11-22'], ['5/11/2026', '2026-11-05'], ['5.11.26', '2026-11-05'], ['5-11', '2026-11-05'], [' 05/11/2026 ', '2026-11-05']])(
    'day first: %s', (text, key) => expect(parseDate(text, '2026-01-01')).toBe(key))
  it.each(['', '31/02/2026', '13/13/2026', '2026-11-22', 'mai', '0/1/2026'])('no such day: "%s"', (text) => expect(parseDate(text, '2026-01-01')).toBeNull())
  it.each([['17:30', 17, 30, 0], ['5h30', 5, 30, 0], ['5h', 5, 0, 0], ['5g15', 5, 15, 0], ['0530', 5, 30, 0], ['17:30:15', 17, 30, 15], ['7', 7, 0, 0]])(
    'an hour: %s', (text, hour, minute, second) => expect(parseTime(text)).toEqual({ hour, minute, second }))
  it.each(['', '24:00', '17:60', 'sáng', '17:30 PM', '17:30:99'])('no hour: "%s"', (text) => expect(parseTime(text)).toBeNull())
})

describe('a day in an address', () => {
  it.each(['2026-02-28', '2028-02-29', '2026-12-31'])('%s', (text) => expect(isDay(text)).toBe(true))
  it.each(['', '2026-02-29', '2026-13-45', '2026-1-2', '2026-11-22T00', 'hôm nay'])('is not "%s"', (text) => expect(isDay(text)).toBe(false))
})

describe('weeks', () => {
  it('start on Monday', () => {
    expect(weekdayOf('2026-11-22')).toBe(6)
    expect(mondayOf('2026-11-22')).toBe('2026-11-16')
    expect(mondayOf('2026-11-16')).toBe('2026-11-16')
  })
  it('cross months and years', () => expect(addDays('2026-12-31', 1)).toBe('2027-01-01'))
  it('a stopwatch counts minutes past the hour', () => expect(stopwatch(3_725_000)).toBe('62:05'))
})
