import { describe, expect, it } from 'vitest'
import type { Problem } from '../src/lib/api/types'
import { en } from '../src/lib/messages/en'
import { vi } from '../src/lib/messages/vi'
import { placeErrors } from '../src/lib/pure/form'
import { EventParser } from '../src/lib/pure/sse'
import { indented, treeOrder } from '../src/lib/pure/tree'
import { matches, pairingCode, pairingGroups } from '../src/lib/pure/text'

describe('errors find their field', () => {
  const problem = (...errors: [string, string][]): Problem => ({
    type: 'x', title: 't', status: 422, detail: '', errors: errors.map(([pointer, detail]) => ({ pointer, detail })),
  })
  it('by pointer, also deeper and with a fragment mark', () => {
    const placed = placeErrors(problem(['/title', 'ngắn'], ['#/when/at', 'đã qua'], ['/targets/0/id', 'không có']), ['title', 'when', 'targets'])
    expect(placed).toEqual({ fields: { title: 'ngắn', when: 'đã qua', targets: 'không có' }, rest: [] })
  })
  it('places a kind of problem that points at nothing', () => {
    const taken = { type: '/problems/login-taken', title: 'Trùng', status: 409, detail: 'Tên này đã có.' }
    expect(placeErrors(taken, ['login'], { 'login-taken': 'login' }).fields).toEqual({ login: 'Tên này đã có.' })
    expect(placeErrors(taken, ['login']).fields).toEqual({})
  })
  it('prefers the most exact name', () => expect(placeErrors(problem(['/when/at', 'x']), ['when', 'when/at']).fields).toEqual({ 'when/at': 'x' }))
  it('keeps what names no field of the form', () => expect(placeErrors(problem(['/gain_db', 'x']), ['title']).rest).toEqual(['x']))
  it('joins two of one field; nothing of nothing', () => {
    expect(placeErrors(problem(['/a', '1'], ['/a', '2']), ['a']).fields.a).toBe('1 2')
    expect(placeErrors(null, ['a'])).toEqual({ fields: {}, rest: [] })
  })
})

describe('areas', () => {
  const area = (id: string, parent: string | null, name: string) => ({ id, parent, name, kind: '', zone: '', one_person_approves: false })
  it('come as a tree, whatever the order; one without a visible parent is a top', () => {
    const order = treeOrder([area('x', 'c2', 'Thôn 10'), area('c2', 'p', 'Xã B'), area('y', 'c2', 'Thôn 2'), area('c1', 'p', 'Xã A'), area('z', 'gone', 'Lẻ')])
    expect(order.map((o) => `${o.depth}${o.area.name}`)).toEqual(['0Lẻ', '0Xã A', '0Xã B', '1Thôn 2', '1Thôn 10'])
    expect(indented(order[3])).toBe('\u00a0\u00a0\u00a0Thôn 2')
  })
})

describe('names and codes', () => {
  it('accents and case do not matter', () => {
    expect(matches('Xã Đông Hưng', 'dong hung')).toBe(true)
    expect(matches('Xã Đông Hưng', 'hung dong')).toBe(true)
    expect(matches('Xã Đông Hưng', 'tay')).toBe(false)
  })
  it('a pairing code may come with spaces, dashes and small letters', () => {
    expect(pairingCode(' k7mx-42 pq zz')).toBe('K7MX42PQ')
    expect(pairingGroups('K7MX42PQ')).toBe('K7MX-42PQ')
    expect(pairingGroups('K7MX')).toBe('K7MX')
  })
})

describe('server-sent events', () => {
  it('are whole whatever the pieces', () => {
    const text = ': hello\n\nevent: changed\r\ndata: {"what":\r\ndata: ["airings"]}\r\n\r\ndata: x\n\n'
    for (let cut = 1; cut < text.length; cut++) {
      const parser = new EventParser()
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]
      expect(events).toEqual([{ event: 'changed', data: '{"what":\n["airings"]}' }, { event: 'message', data: 'x' }])
    }
  })
  it('a heartbeat is no event', () => expect(new EventParser().push(': alive\n\n')).toEqual([]))
})

describe('messages', () => {
  const leaves = (node: unknown, path = ''): [string, unknown][] =>
    node !== null && typeof node === 'object' ? Object.entries(node).flatMap(([k, v]) => leaves(v, `${path}/${k}`)) : [[path, node]]
  it('both languages have every key', () => expect(leaves(en).map(([p]) => p)).toEqual(leaves(vi).map(([p]) => p)))
  it('durations read well', () => {
    expect(vi.unit.duration(125_000)).toBe('2 phút 5 giây')
    expect(vi.unit.duration(60_000)).toBe('1 phút')
    expect(en.unit.duration(59_600)).toBe('1 min')
    expect(en.unit.stations(1)).toBe('1 station')
  })
})
