// The folded week: only the hours in which something is on are drawn; the empty ones in between fold
// into one line. Rules (once, daily, weekly) become occurrences here, in the area's wall-clock time.
import type { Broadcast } from '../api/types'
import { weeklyDays } from './repeat'
import { addDays, atDay, dayKey, dayStart, MINUTE, wallOf, weekdayOf } from './time'

export interface Occurrence {
  broadcast: Broadcast
  start: number
  end: number
  day: string
}

export interface Band {
  from: number /* minutes after midnight */
  to: number
  folded: boolean
}

export interface Laned extends Occurrence {
  lane: number
  lanes: number
}

const STEP = 30
const DAY_MINUTES = 24 * 60

/** What one rule does in [first, first + days), durations in ms by bulletin. */
export function occurrences(
  rules: Broadcast[], durations: Map<string, number>, first: string, days: number, zone: string,
): Occurrence[] {
  const last = addDays(first, days)
  const found: Occurrence[] = []
  for (const broadcast of rules) {
    if (broadcast.state === 'deleted' || !broadcast.when.at) continue
    const at = Date.parse(broadcast.when.at)
    const length = Math.max(MINUTE, durations.get(broadcast.bulletin ?? '') ?? MINUTE)
    for (const day of daysOf(broadcast, at, first, last, zone)) {
      const start = repeats(broadcast) ? atDay(day, wallOf(at, zone), zone) : at
      found.push({ broadcast, start, end: start + length, day })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

const repeats = (b: Broadcast) => b.when.kind === 'daily' || weeklyDays(b.when) !== null

function daysOf(b: Broadcast, at: number, first: string, last: string, zone: string): string[] {
  const own = dayKey(at, zone)
  const weekdays = weeklyDays(b.when)
  if (!repeats(b)) return own >= first && own < last ? [own] : []
  const days: string[] = []
  for (let day = own > first ? own : first; day < last; day = addDays(day, 1)) {
    if (b.when.until && day > b.when.until.slice(0, 10)) break
    if (!weekdays || weekdays.includes(weekdayOf(day))) days.push(day)
  }
  return days
}

export function minuteOfDay(instant: number, day: string, zone: string): number {
  return (instant - dayStart(day, zone)) / MINUTE
}

/** Bands from 00:00 to 24:00; an empty stretch shorter than an hour stays open. */
export function foldHours(spans: { from: number; to: number }[]): Band[] {
  const used = new Array<boolean>(DAY_MINUTES / STEP).fill(false)
  for (const span of spans)
    for (let i = Math.floor(span.from / STEP); i < Math.min(used.length, Math.ceil(span.to / STEP)); i++)
      used[i] = true
  const bands: Band[] = []
  used.forEach((on, i) => {
    const last = bands[bands.length - 1]
    if (last && last.folded === !on) last.to = (i + 1) * STEP
    else bands.push({ from: i * STEP, to: (i + 1) * STEP, folded: !on })
  })
  return joinShortFolds(bands)
}

function joinShortFolds(bands: Band[]): Band[] {
  const joined: Band[] = []
  for (const band of bands) {
    const last = joined[joined.length - 1]
    const short = band.folded && band.to - band.from < 60 && last && band.to < DAY_MINUTES
    if (last && !last.folded && (short || !band.folded)) last.to = band.to
    else joined.push({ ...band })
  }
  return joined
}

/** Overlapping occurrences of one day stand side by side. */
export function layLanes(day: Occurrence[]): Laned[] {
  const laned: Laned[] = []
  let cluster: Laned[] = []
  let clusterEnd = -Infinity
  const close = () => {
    const lanes = Math.max(0, ...cluster.map((c) => c.lane)) + 1
    for (const c of cluster) c.lanes = lanes
    cluster = []
  }
  for (const one of [...day].sort((a, b) => a.start - b.start)) {
    if (one.start >= clusterEnd) close()
    const busy = new Set(cluster.filter((c) => c.end > one.start).map((c) => c.lane))
    let lane = 0
    while (busy.has(lane)) lane++
    const entry = { ...one, lane, lanes: 1 }
    cluster.push(entry)
    laned.push(entry)
    clusterEnd = Math.max(clusterEnd, one.end)
  }
  close()
  return laned
}
