import { describe, expect, it } from 'vitest'
import type { Broadcast, ScheduleItem } from '../src/lib/api/types'
import { dayKey, clockText } from '../src/lib/pure/time'
import { clashing, foldHours, occurrences } from '../src/lib/pure/week'

const ZONE = 'Asia/Ho_Chi_Minh'
const rule = (id: string, state: Broadcast['state'] = 'active'): Broadcast => ({
  id, bulletin: 'b', programme: null, bulletins: ['b'], title: id, area: 'a', targets: [], when: { kind: 'daily', at: '2026-11-18T05:00:00+07:00' }, class: 'normal', tolerance_s: 0, repeat: { count: 1, gap_s: 0 }, gain_db: 0, state,
  created_by: { id: 'u', name: 'Mai' }, created_at: '2026-11-18T05:00:00+07:00', next_start: null,
})
const item = (broadcast: string, start: string, minutes = 15, plays = true): ScheduleItem => ({
  broadcast, recurrence_id: start, start, duration_ms: minutes * 60_000, plays, moved: false, reason: plays ? null : 'holiday', reason_text: plays ? null : 'Nghỉ lễ',
})

describe('what the server lists becomes occurrences', () => {
  it('on the day of the zone, in order, with a length', () => {
    const found = occurrences([item('r', '2026-11-18T22:30:00Z'), item('r', '2026-11-18T05:00:00+07:00', 0)], [rule('r')], ZONE)
    expect(found.map((o) => `${o.day} ${clockText(o.start, ZONE)} ${(o.end - o.start) / 60_000}`)).toEqual(['2026-11-18 05:00 1', '2026-11-19 05:30 15'])
    expect(dayKey(found[1].start, ZONE)).toBe(found[1].day)
  })
  it('without its rule, or with a deleted one, it is not shown', () => {
    expect(occurrences([item('x', '2026-11-18T05:00:00Z'), item('r', '2026-11-18T05:00:00Z')], [rule('r', 'deleted')], ZONE)).toEqual([])
  })
  it('says whose bulletin is not valid then, and what was left out', () => {
    const why = (reason: string) => occurrences([{ ...item('r', '2026-11-18T05:00:00Z', 15, false), reason }], [rule('r')], ZONE).map((o) => [o.invalid, o.leftOut])[0]
    expect(['expired', 'not_valid_yet', 'deleted', 'holiday'].map(why)).toEqual([[true, false], [true, false], [false, true], [false, false]])
  })
  it('clashes are those that overlap and play', () => {
    const list = occurrences([item('a', '2026-11-18T05:00:00Z', 30), item('b', '2026-11-18T05:20:00Z'), item('c', '2026-11-18T05:35:00Z'), item('d', '2026-11-18T05:10:00Z', 5, false)], ['a', 'b', 'c', 'd'].map((id) => rule(id)), ZONE)
    expect([...clashing(list)].map((o) => o.broadcast.id).sort()).toEqual(['a', 'b'])
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
