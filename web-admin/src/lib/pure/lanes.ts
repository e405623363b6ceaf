// Where the boxes of one day stand. What counts is what is drawn: a short bulletin is drawn taller than it lasts, so two
// that do not meet in time may meet on the screen. Where more would stand side by side than can be read, close ones become
// one pile, which opens as a list. The unit is the minute of the day; how many pixels it has is the drawing's affair.
import type { Occurrence } from './week'

export interface Span {
  one: Occurrence
  from: number
  to: number
}

/** More than one item: a pile. */
export interface Box {
  items: Occurrence[]
  from: number
  to: number /* as drawn */
  lane: number
  lanes: number
}

export interface Room {
  most: number /* lanes beside each other, where all are single */
  piled: number /* and where there is a pile */
  least: (items: Occurrence[]) => number /* minutes that a box of these is drawn at the least */
}

export const MARKS = ['clash', 'priority', 'waiting', 'silent'] as const
export type Mark = (typeof MARKS)[number]

/** What a person must see of these without opening them, and of how many it is true. */
export function marksOf(items: Occurrence[], clashes: Set<Occurrence>): { mark: Mark; n: number }[] {
  const is: Record<Mark, (one: Occurrence) => boolean> = {
    clash: (one) => clashes.has(one),
    priority: (one) => one.broadcast.class === 'priority',
    waiting: (one) => one.broadcast.state === 'waiting_approval',
    silent: (one) => !one.plays,
  }
  return MARKS.map((mark) => ({ mark, n: items.filter(is[mark]).length })).filter((found) => found.n > 0)
}

interface Draft {
  spans: Span[]
  from: number
  to: number
  reach: number /* what begins before it is close to this */
  short: boolean /* drawn taller than it lasts */
}

const overMidnight = 24 * 60

function draft(spans: Span[], room: Room): Draft {
  const sorted = [...spans].sort((a, b) => a.from - b.from)
  const from = sorted[0].from
  const ends = Math.max(...spans.map((s) => Math.min(s.to, overMidnight)))
  const lowest = Math.max(...spans.map((s) => Math.max(Math.min(s.to, overMidnight), s.from + room.least([s.one]))))
  return { spans: sorted, from, to: Math.max(ends, from + room.least(sorted.map((s) => s.one))), reach: lowest, short: lowest > ends || spans.length > 1 }
}

/* Groups in which each box meets another one; between two groups nothing is drawn. */
function clusters(drafts: Draft[]): Draft[][] {
  const found: Draft[][] = []
  let end = -Infinity
  for (const one of [...drafts].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (one.from >= end) found.push([])
    found[found.length - 1].push(one)
    end = Math.max(end, one.to)
  }
  return found
}

/* Those that stand beside each other where it first gets too crowded. */
function crowd(cluster: Draft[], most: number): Draft[] | null {
  for (const { from } of cluster) {
    const beside = cluster.filter((b) => b.from <= from && from < b.to)
    if (beside.length > most) return beside
  }
  return null
}

/* The short ones of a crowd, and the short ones that follow closely; of long ones only as many as must be. */
function pile(cluster: Draft[], beside: Draft[], room: Room): Draft[] {
  const short = beside.filter((b) => b.short)
  const chosen = new Set(short.length > 1 ? short : [...beside].sort((a, b) => a.to - a.from - (b.to - b.from)).slice(0, 2))
  let reach = Math.max(...[...chosen].map((b) => b.reach))
  const start = Math.min(...[...chosen].map((b) => b.from))
  for (const b of cluster) {
    if (chosen.has(b) || !b.short || b.from < start || b.from >= reach) continue
    chosen.add(b)
    reach = Math.max(reach, b.reach)
  }
  return [...cluster.filter((b) => !chosen.has(b)), draft([...chosen].flatMap((b) => b.spans), room)]
}

function lay(cluster: Draft[]): Box[] {
  const ends: number[] = []
  const laid = cluster.map((b) => {
    const free = ends.findIndex((end) => end <= b.from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = b.to
    return { items: b.spans.map((s) => s.one), from: b.from, to: b.to, lane, lanes: 0 }
  })
  return laid.map((box) => ({ ...box, lanes: ends.length }))
}

/** Boxes that do not meet; each occurrence is in exactly one of them. */
export function layDay(day: Span[], room: Room): Box[] {
  let drafts = day.map((span) => draft([span], room))
  for (;;) {
    const groups = clusters(drafts)
    const next = groups.map((group) => {
      const tight = crowd(group, room.most) !== null || group.some((b) => b.spans.length > 1)
      const beside = tight ? crowd(group, room.piled) : null
      return beside ? pile(group, beside, room) : group
    })
    if (next.every((group, n) => group === groups[n])) return groups.flatMap(lay)
    drafts = next.flat()
  }
}
