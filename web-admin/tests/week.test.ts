import { describe, expect, it } from 'vitest'
import type { Broadcast } from '../src/lib/api/types'
import { dayKey, clockText } from '../src/lib/pure/time'
import { foldHours, layLanes, occurrences } from '../src/lib/pure/week'

const ZONE = 'Asia/Ho_Chi_Minh'
const rule = (id: string, kind: 'once' | 'daily', at: string, until: string | null = null): Broadcast => ({
  id, bulletin: 'b', programme: null, title: id, area: 'a', targets: [], when: { kind, at, until }, class: 'normal', tolerance_s: 0, gain_db: 0, state: 'active',
  created_by: { id: 'u', name: 'Mai' }, created_at: at, next_start: null,
})
const length = new Map([['b', 15 * 60_000]])

describe('rules become occurrences', () => {
  it('a daily rule repeats its wall time on each day from its first', () => {
    const found = occurrences([rule('r', 'daily', '2026-11-18T05:00:00+07:00')], length, '2026-11-16', 7, ZONE)
    expect(found.map((o) => o.day)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'])
    for (const o of found) {
      expect(dayKey(o.start, ZONE)).toBe(o.day)
      expect(clockText(o.start, ZONE)).toBe('05:00')
      expect(o.end - o.start).toBe(15 * 60_000)
    }
  })
  it('and ends with its last day', () => {
    const found = occurrences([rule('r', 'daily', '2026-11-01T05:00:00+07:00', '2026-11-17')], length, '2026-11-16', 7, ZONE)
    expect(found.map((o) => o.day)).toEqual(['2026-11-16', '2026-11-17'])
  })
  it('a weekly rule plays on its weekdays only, from its first day on', () => {
    const weekly = rule('r', 'once', '2026-11-18T05:00:00+07:00')
    weekly.when = { kind: 'rule', at: '2026-11-18T05:00:00+07:00', rrule: 'FREQ=WEEKLY;BYDAY=MO,WE,SU' }
    expect(occurrences([weekly], length, '2026-11-16', 14, ZONE).map((o) => o.day)).toEqual(['2026-11-18', '2026-11-22', '2026-11-23', '2026-11-25', '2026-11-29'])
  })
  it('keeps the wall time when the clocks change', () => {
    const found = occurrences([rule('r', 'daily', '2026-10-20T05:00:00+02:00')], length, '2026-10-24', 3, 'Europe/Paris')
    expect(found.map((o) => clockText(o.start, 'Europe/Paris'))).toEqual(['05:00', '05:00', '05:00'])
  })
  it('one play shows in its own week only; a deleted rule never', () => {
    const once = rule('r', 'once', '2026-11-21T23:30:00Z')
    expect(occurrences([once], length, '2026-11-16', 7, ZONE).map((o) => o.day)).toEqual(['2026-11-22'])
    expect(occurrences([once], length, '2026-11-23', 7, ZONE)).toEqual([])
    expect(occurrences([{ ...once, state: 'deleted' }], length, '2026-11-16', 7, ZONE)).toEqual([])
  })
})

describe('the folded week', () => {
  it('opens the half hours in use and folds the rest', () => {
    expect(foldHours([{ from: 300, to: 345 }, { from: 1020, to: 1065 }])).toEqual([
      { from: 0, to: 300, folded: true }, { from: 300, to: 360, folded: false }, { from: 360, to: 1020, folded: true },
      { from: 1020, to: 1080, folded: false }, { from: 1080, to: 1440, folded: true },
    ])
  })
  it('leaves a short hole open', () => {
    expect(foldHours([{ from: 300, to: 330 }, { from: 360, to: 390 }])[1]).toEqual({ from: 300, to: 390, folded: false })
  })
  it('covers the day without a gap, whatever is in it', () => {
    const bands = foldHours([{ from: 0, to: 20 }, { from: 700, to: 760 }, { from: 1420, to: 1500 }])
    expect(bands[0].from).toBe(0)
    expect(bands[bands.length - 1].to).toBe(1440)
    bands.slice(1).forEach((b, i) => expect(b.from).toBe(bands[i].to))
  })
  it('an empty week is one fold', () => expect(foldHours([])).toEqual([{ from: 0, to: 1440, folded: true }]))
})

describe('lanes', () => {
  const item = (start: number, end: number) => ({ broadcast: rule(String(start), 'once', '2026-01-01T00:00:00Z'), start, end, day: 'd' })
  it('what overlaps stands side by side, what does not has the full width', () => {
    const laid = layLanes([item(0, 10), item(5, 15), item(20, 30)])
    expect(laid.map((l) => [l.lane, l.lanes])).toEqual([[0, 2], [1, 2], [0, 1]])
  })
  it('one lane is used again as soon as it is free', () => {
    expect(layLanes([item(0, 10), item(5, 30), item(10, 20)]).map((l) => [l.lane, l.lanes])).toEqual([[0, 2], [1, 2], [0, 2]])
  })
})
