import { describe, expect, it } from 'vitest'
import { firstWeekly, weeklyDays, weeklyRule } from '../src/lib/pure/repeat'
import { joined } from '../src/lib/pure/text'
import { rfc3339 } from '../src/lib/pure/time'

const ZONE = 'Asia/Ho_Chi_Minh'
const NOW = Date.parse('2026-11-22T17:13:00+07:00') /* a Sunday */
const first = (days: number[], hour: number) => {
  const at = firstWeekly(days, { hour, minute: 0, second: 0 }, NOW, ZONE)
  return at && rfc3339(at, ZONE)
}

describe('weekly', () => {
  it('is a rule of weekdays in the order of the week, whatever the order of tapping', () => {
    expect(weeklyRule([4, 0, 2])).toBe('FREQ=WEEKLY;BYDAY=MO,WE,FR')
    expect(weeklyRule([6])).toBe('FREQ=WEEKLY;BYDAY=SU')
  })
  it('is read back from what the controller answers', () => {
    expect(weeklyDays({ kind: 'rule', rrule: 'FREQ=WEEKLY;BYDAY=SU,MO' })).toEqual([0, 6])
    expect(weeklyDays({ kind: 'rule', rrule: weeklyRule([0, 1, 2, 3, 4, 5, 6]) })).toHaveLength(7)
  })
  it('is not claimed for rules that are more than weekdays', () => {
    for (const rrule of ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', 'FREQ=WEEKLY;BYDAY=MO;COUNT=3', 'FREQ=MONTHLY;BYDAY=1MO', 'FREQ=WEEKLY;BYDAY=XX'])
      expect(weeklyDays({ kind: 'rule', rrule })).toBeNull()
    expect(weeklyDays({ kind: 'rule', lunar: { days: [1] } })).toBeNull()
    expect(weeklyDays({ kind: 'rule', rrule: 'FREQ=WEEKLY;BYDAY=MO', holidays: { calendar: 'vn', mode: 'except' } })).toBeNull()
    expect(weeklyDays({ kind: 'daily', at: '2026-11-22T05:00:00+07:00' })).toBeNull()
  })
  it('starts today when the hour is still to come, in a week when it is over', () => {
    expect(first([6], 18)).toBe('2026-11-22T18:00:00+07:00')
    expect(first([6], 17)).toBe('2026-11-29T17:00:00+07:00')
  })
  it('starts on the nearest of its days', () => {
    expect(first([4, 2], 5)).toBe('2026-11-25T05:00:00+07:00')
    expect(first([], 5)).toBeNull()
  })
  it('days are said as people say them', () => {
    expect(['A', 'B', 'C'].map((_, n, all) => joined(all.slice(0, n + 1), ' và '))).toEqual(['A', 'A và B', 'A, B và C'])
  })
})
