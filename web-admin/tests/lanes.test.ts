import { describe, expect, it } from 'vitest'
import type { Broadcast } from '../src/lib/api/types'
import { layDay, marksOf, type Box, type Room, type Span } from '../src/lib/pure/lanes'
import type { Occurrence } from '../src/lib/pure/week'

const SHORTEST = 10
const room: Room = { most: 3, piled: 2, least: (of) => (of.length > 1 ? 30 : SHORTEST) }
const airing = (name: string, from: number, lasts: number, more: Partial<Occurrence> = {}): Span => ({
  one: { broadcast: { id: name, class: 'normal', state: 'active' } as Broadcast, start: from * 60_000, end: (from + lasts) * 60_000, day: 'd', recurrence: name, plays: true, moved: false, why: null, leftOut: false, invalid: false, ...more },
  from, to: from + lasts,
})
const ids = (box: Box) => box.items.map((i) => i.broadcast.id).join(' ')
const short = (laid: Box[]) => laid.map((b) => `${ids(b)} ${b.from}-${b.to} ${b.lane}/${b.lanes}`)

/* The same days at every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32)
}
function someDay(seed: number): Span[] {
  const throws = dice(seed)
  const [n, spread] = [1 + Math.floor(throws() * 60), 30 + Math.floor(throws() * 600)]
  return Array.from({ length: n }, (_, i) => airing(String(i), Math.min(1439, Math.floor(300 + throws() * spread + (seed % 3) * 500)), throws() < 0.3 ? 30 + Math.floor(throws() * 90) : 0.3 + throws() * 12))
}

describe('boxes of a day', () => {
  it('stand side by side where they overlap, and have the full width where not', () => {
    expect(short(layDay([airing('a', 300, 20), airing('b', 310, 20), airing('c', 340, 20)], room))).toEqual(['a 300-320 0/2', 'b 310-330 1/2', 'c 340-360 0/1'])
  })
  it('use a lane again as soon as it is free', () => {
    expect(short(layDay([airing('a', 300, 20), airing('b', 310, 40), airing('c', 320, 20)], room))).toEqual(['a 300-320 0/2', 'b 310-350 1/2', 'c 320-340 0/2'])
  })
  it('do not meet on the screen where they do not meet in time', () => {
    expect(short(layDay([airing('a', 300, 1), airing('b', 303, 1)], room))).toEqual(['a 300-310 0/2', 'b 303-313 1/2'])
  })
  it('become one pile where they would be too narrow, the long one stays beside it', () => {
    const close = ['a', 'b', 'c', 'd', 'e'].map((name, i) => airing(name, 300 + 3 * i, 1))
    expect(short(layDay([airing('long', 295, 60), ...close], room))).toEqual(['long 295-355 0/2', 'a b c d e 300-330 1/2'])
  })
  it('take what follows closely into the pile, and leave what comes later alone', () => {
    const close = [300, 300, 300, 300, 308, 317].map((at, i) => airing(String(i), at, 1))
    expect(short(layDay([...close, airing('later', 345, 1)], room))).toEqual(['0 1 2 3 4 5 300-330 0/1', 'later 345-355 0/1'])
  })
  it('of long ones pile only as many as must be', () => {
    expect(short(layDay([airing('a', 300, 90), airing('b', 301, 80), airing('c', 302, 70), airing('d', 303, 60)], room))).toEqual(['a 300-390 0/2', 'b c d 301-381 1/2'])
  })
  it('end with the day', () => {
    expect(short(layDay([airing('night', 1430, 90)], room))).toEqual(['night 1430-1440 0/1'])
  })
  it('never overlap, never get too narrow, and lose nobody', () => {
    let piles = 0
    for (let seed = 1; seed <= 200; seed++) {
      const day = someDay(seed)
      const here = { ...room, most: 1 + (seed % 4), piled: Math.max(1, (seed % 4) - 1) }
      const laid = layDay(day, here)
      for (const [n, a] of laid.entries()) {
        for (const b of laid.slice(n + 1)) {
          const apart = a.to <= b.from || b.to <= a.from || (a.lanes === b.lanes && a.lane !== b.lane)
          expect(apart, `${seed}: ${short([a, b])}`).toBe(true)
        }
        expect(a.lane).toBeLessThan(a.lanes)
        expect(a.lanes).toBeLessThanOrEqual(here.most)
        expect(a.to - a.from).toBeGreaterThanOrEqual(here.least(a.items))
        if (a.items.length > 1) expect([++piles > 0, a.lanes <= here.piled]).toEqual([true, true])
      }
      expect(laid.flatMap((b) => b.items.map((i) => i.broadcast.id)).sort()).toEqual(day.map((s) => s.one.broadcast.id).sort())
      for (const { one, from, to } of day) {
        const box = laid.find((b) => b.items.includes(one))!
        expect([box.from <= from, box.to >= Math.min(to, 1440)]).toEqual([true, true])
      }
    }
    expect(piles).toBeGreaterThan(100)
  })
})

describe('marks', () => {
  it('count what must be seen without opening', () => {
    const loud = airing('a', 1, 1, { broadcast: { id: 'a', class: 'priority', state: 'waiting_approval' } as Broadcast }).one
    const off = airing('b', 1, 1, { plays: false }).one
    expect(marksOf([loud, off, airing('c', 1, 1).one], new Set([loud]))).toEqual([{ mark: 'clash', n: 1 }, { mark: 'priority', n: 1 }, { mark: 'waiting', n: 1 }, { mark: 'silent', n: 1 }])
  })
})
