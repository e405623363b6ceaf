import { describe, expect, it } from 'vitest'
import type { Airing, Outcome } from '../src/lib/api/types'
import { en } from '../src/lib/messages/en'
import { vi } from '../src/lib/messages/vi'
import { countOutcomes, groupAirings, toneOf } from '../src/lib/pure/outcome'

const airing = (station: string, outcome: Outcome, start = '2026-11-22T05:00:00+07:00', broadcast = 'r'): Airing => ({
  id: station + start, broadcast, title: 'Bản tin', class: 'normal', station, station_name: station, area: 'a', planned_start: start, outcome, reason: null,
  reason_text: null, started_at: null, ended_at: null, late_by_ms: null, duration_ms: null, author: null, approver: null, evidence: null, receipt: null,
})

describe('tones', () => {
  it('one failure makes the row red', () => expect(toneOf({ played: 3, missed: 1 })).toBe('bad'))
  it('unknown is neither green nor red', () => {
    expect(toneOf({ unknown: 4 })).toBe('quiet')
    expect(toneOf({ played: 3, unknown: 1 })).toBe('quiet')
  })
  it('green only when every station played', () => {
    expect(toneOf({ played: 4 })).toBe('good')
    expect(toneOf({ played: 4, cancelled: 1 })).toBe('good')
    expect(toneOf({ played: 3, upcoming: 1 })).not.toBe('good')
    expect(toneOf({ played: 3, partial: 1 })).toBe('warn')
  })
})

describe('groups', () => {
  const groups = groupAirings([
    airing('A', 'played'), airing('B', 'missed'), airing('C', 'played', '2026-11-21T22:00:00Z'),
    airing('D', 'upcoming', '2026-11-22T17:00:00+07:00'), airing('E', 'played', '2026-11-22T05:00:00+07:00', 'other'),
  ])
  it('one for each start of each broadcast, newest first, the same instant in another offset included', () =>
    expect(groups.map((g) => g.airings.length)).toEqual([1, 3, 1]))
  it('failures come first', () => expect(groups[1].airings.map((a) => a.outcome)).toEqual(['missed', 'played', 'played']))
})

describe('the summary in words', () => {
  const words = (...outcomes: Outcome[]) => vi.log.summary(countOutcomes(outcomes.map((outcome) => ({ outcome }))), outcomes.length)
  it('says how many of how many', () => expect(words('played', 'played', 'played', 'missed')).toBe('3/4 trạm đã phát · 1 không phát được'))
  it('never counts a cancelled station as due', () => expect(words('played', 'cancelled')).toBe('1/1 trạm đã phát'))
  it('never calls silence played', () => expect(words('unknown', 'unknown')).toBe('0/2 trạm đã phát · 2 chưa có tin'))
  it('before the start only says when', () => expect(words('upcoming', 'upcoming')).toBe('Sắp phát ở 2 trạm'))
  it('nothing left', () => expect(words('cancelled')).toBe('Đã huỷ'))
  it('in English too', () => expect(en.log.summary(countOutcomes([{ outcome: 'played' }, { outcome: 'missed' }]), 2)).toBe('1 of 2 stations played · 1 missed'))
})
