import { describe, expect, it } from 'vitest'
import type { Broadcast, Bulletin, ProgrammeItem, StationAgenda } from '../src/lib/api/types'
import { changed, ruleAt, typedDays } from '../src/lib/pure/change'
import { ASKED, isCut, noticesOf, toApprove, TOLD } from '../src/lib/pure/inbox'
import { calendarId, dayOf, pastedYear, yearDays, yearLines } from '../src/lib/pure/holidays'
import { contest, orderOf, putBefore, shifted, sorted } from '../src/lib/pure/precedence'
import { airs, inOtherLanguages, lengthOf, withSlot } from '../src/lib/pure/programme'

describe('who goes first', () => {
  const days = [{ date: null, broadcasts: [{ id: 'a', title: '' }, { id: 'b', title: '' }] }, { date: '2026-11-23', broadcasts: [{ id: 'b', title: '' }] }]
  it('a day has its own order, or that of every day', () => {
    expect(orderOf(days, '2026-11-23')).toEqual(['b'])
    expect(orderOf(days, '2026-11-24')).toEqual(['a', 'b'])
    expect(orderOf([], null)).toEqual([])
  })
  it('puts one before another and leaves the rest', () => {
    expect(putBefore(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b'])
    expect(putBefore(['a'], 'x', 'y')).toEqual(['a', 'x', 'y'])
  })
  it('what no list names comes after, as it was', () => expect(sorted(['x', 'b', 'a'], ['a', 'b'])).toEqual(['a', 'b', 'x']))
  it('moves one place, and not over the ends', () => {
    expect(shifted(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
    expect(shifted(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })
  const piece = (broadcast: string, from: string, code: string, by?: string) =>
    ({ broadcast, title: broadcast, class: 'normal', from, why: { code, vi: '', en: '', by: by ? { broadcast: by, title: by, airing: '' } : null } }) as unknown as StationAgenda['sounds'][0]
  it('equals that wait for each other contend, in the order in which they sound; rank does not', () => {
    const sounds = [piece('b', '2026-11-23T10:00:00Z', 'nominal'), piece('a', '2026-11-23T10:05:00Z', 'moved', 'b'), piece('c', '2026-11-23T10:09:00Z', 'resumed', 'z')]
    expect(contest({ sounds, silent: [] }).map((one) => one.id)).toEqual(['b', 'a'])
    expect(contest({ sounds, silent: [] }, 'c')).toEqual([])
    expect(contest({ sounds, silent: [] }, 'a').map((one) => one.id)).toEqual(['b', 'a'])
  })
})

describe('a changed series', () => {
  const series = { when: { kind: 'daily', at: 'x' }, later: [{ from: '2026-12-01T00:00:00Z', when: { kind: 'rule', rrule: 'FREQ=DAILY' } }] } as unknown as Broadcast
  it('the rule that took over last holds', () => {
    expect(ruleAt(series, Date.parse('2026-11-30T00:00:00Z')).kind).toBe('daily')
    expect(ruleAt(series, Date.parse('2026-12-01T00:00:00Z')).kind).toBe('rule')
  })
  it('says what it takes away: what is not named would stay', () => {
    expect(changed({ kind: 'daily', at: 'x' }, [])).toEqual({ kind: 'rule', start: 'x', rrule: 'FREQ=DAILY', until: null, holidays: null, exdates: [] })
  })
  it('days are typed one a line; what is none is named', () => {
    expect(typedDays('30/12/2026\n 1/12/2026, 30/12', '2026-11-22')).toEqual({ days: ['2026-12-01', '2026-12-30'], wrong: '' })
    expect(typedDays('30/12/2026\n31/2/2026', '2026-11-22').wrong).toBe('31/2/2026')
  })
})

describe('programmes', () => {
  const item = (of: Partial<ProgrammeItem>): ProgrammeItem => ({ kind: 'bulletin', bulletin: 'b', gain_db: 0, ...of })
  it('sums what is known and counts what is not', () => expect(lengthOf([item({ duration_ms: 1000 }), item({}), item({ duration_ms: 500 })])).toEqual({ ms: 1500, unknown: 1 }))
  it('tunes alone never air', () => {
    expect(airs([item({ kind: 'tune' })])).toBe(false)
    expect(airs([item({ kind: 'tune' }), item({ kind: 'relay' })])).toBe(true)
  })
  it('finds the same in another language once', () => {
    const all = [{ id: 'x', title: 'Hop thôn (Tày)', language: 'tyz', state: 'approved', relay: null }, { id: 'b', title: 'Họp thôn', language: 'vi', state: 'approved', relay: null }] as unknown as Bulletin[]
    const one = item({ title: 'Họp thôn', language: 'vi' })
    expect(inOtherLanguages(one, [one], all).map((b) => b.id)).toEqual(['x'])
    expect(inOtherLanguages(one, [one, item({ bulletin: 'x' })], all)).toEqual([])
  })
  it('a template has a place for a new bulletin', () => {
    expect(withSlot([item({ kind: 'tune', bulletin: null }), item({})], 1).map((one) => one.bulletin)).toEqual([null, null])
    expect(withSlot([item({ kind: 'relay' })], -1)).toHaveLength(2)
  })
})

describe('holidays', () => {
  it('lunar and solar days of a year', () => {
    expect(dayOf({ lunar: true, day: 10, month: 3 }, 2026)).toBe('2026-04-26')
    expect(dayOf({ lunar: true, day: 1, month: 1, first: -1 }, 2030)).toBe('2030-02-01')
    expect(dayOf({ day: 29, month: 2 }, 2027)).toBe(null)
    expect(dayOf({ day: 1, month: 5, to_year: 2026 }, 2027)).toBe(null)
  })
  it('a pasted year, or the line that is none', () => {
    expect(pastedYear('30/04 Ngày Giải phóng\n14/02 - 20/02: Tết', 2026).rows.map((r) => [r.day, r.month, r.days, r.from_year, r.name_vi])).toEqual([[30, 4, 1, 2026, 'Ngày Giải phóng'], [14, 2, 7, 2026, 'Tết']])
    expect(pastedYear('30/04 A\nkhông phải ngày', 2026)).toEqual({ rows: [], wrong: 'không phải ngày' })
    expect(pastedYear('1/1/2027 Khác năm', 2026).wrong).toBe('1/1/2027 Khác năm')
  })
  it('the days of a year as lines and back: one name in a row is one line, and keeps its other language', () => {
    const dates = [['2026-02-16', 'Tết'], ['2026-02-17', 'Tết'], ['2026-09-02', 'Quốc khánh']].map(([date, name]) => ({ date, name }))
    const text = yearLines(dates)
    expect(text).toBe('16/02 - 17/02 Tết\n02/09 Quốc khánh')
    const known = [{ name_vi: 'Quốc khánh', name_en: 'National Day', month: 9, day: 2 }]
    expect(yearDays(pastedYear(text, 2026).rows, 2026, known)).toEqual([
      { date: '2026-02-16', name_vi: 'Tết', name_en: 'Tết' }, { date: '2026-02-17', name_vi: 'Tết', name_en: 'Tết' }, { date: '2026-09-02', name_vi: 'Quốc khánh', name_en: 'National Day' }])
    expect(yearDays(pastedYear('30/12 - 31/12 Cuối năm', 2026).rows, 2026, [])).toHaveLength(2)
  })
  it('an id out of the name, not taken yet', () => expect(calendarId('le hoi cua tinh', ['le-hoi-cua-tinh'])).toBe('le-hoi-cua-tinh-2'))
})

describe('the inbox', () => {
  const item = (id: string, since: string, area: string, object: unknown) => ({ id, title: id, area, area_name: null, by: null, since, object })
  const inbox = { total: 4, kinds: [
    { kind: 'approval', more: true, items: [item('a', '2026-11-01T00:00:00Z', 'here', {}), item('b', '2026-11-01T00:00:00Z', 'elsewhere', {})] },
    { kind: 'sent_back', more: false, items: [item('c', '2026-11-01T00:00:00Z', 'here', { reject_reason: 'Sai giờ' })] },
    { kind: 'returned', more: false, items: [item('d', '2026-11-02T00:00:00Z', 'here', { reason: 'Quá rộng' })] }] }
  it('tells what came back with its reason, newest first, and counts what one may approve here', () => {
    expect(noticesOf(inbox).map((one) => [one.kind, one.row.id, one.reason])).toEqual([['returned', 'd', 'Quá rộng'], ['sent_back', 'c', 'Sai giờ']])
    expect([toApprove(inbox, [{ id: 'here' }]), toApprove(null, []), noticesOf(null)]).toEqual([1, 0, []])
    expect([isCut(inbox, ASKED), isCut(inbox, TOLD), isCut(null, ASKED)]).toEqual([true, false, false])
  })
})
