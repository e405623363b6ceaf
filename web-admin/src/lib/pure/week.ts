// The folded week: only the hours in which something is on are drawn; the empty ones in between fold
// into one line. What happens when is the server's word (rules, lunar days, holidays, moves); here it only gets places.
import type { Broadcast, ScheduleItem } from '../api/types'
import { dayKey, dayStart, MINUTE } from './time'

export interface Occurrence {
  broadcast: Broadcast
  start: number
  end: number
  day: string
  recurrence: string /* RECURRENCE-ID: which one of its series */
  plays: boolean
  moved: boolean
  why: string | null /* why it does not play */
  leftOut: boolean /* taken out of its series by somebody */
  invalid: boolean /* its bulletin is not valid then */
}

export interface Band {
  from: number /* minutes after midnight */
  to: number
  folded: boolean
}

const STEP = 30
const DAY_MINUTES = 24 * 60

/** The server's list of what happens, with its rules; days are those of the zone. */
export function occurrences(items: ScheduleItem[], rules: Broadcast[], zone: string): Occurrence[] {
  const known = new Map(rules.map((r) => [r.id, r]))
  const found: Occurrence[] = []
  for (const item of items) {
    const broadcast = known.get(item.broadcast)
    if (!broadcast || broadcast.state === 'deleted') continue
    const start = Date.parse(item.start)
    found.push({
      broadcast, start, end: start + Math.max(MINUTE, item.duration_ms), day: dayKey(start, zone),
      recurrence: item.recurrence_id, plays: item.plays, moved: item.moved, why: item.reason_text, leftOut: item.reason === 'deleted',
      invalid: item.reason === 'expired' || item.reason === 'not_valid_yet',
    })
  }
  return found.sort((a, b) => a.start - b.start)
}

/** Those that overlap another one of the list; what does not play is in nobody's way. */
export function clashing(list: Occurrence[]): Set<Occurrence> {
  const hit = new Set<Occurrence>()
  const sorted = list.filter((o) => o.plays).sort((a, b) => a.start - b.start)
  sorted.forEach((one, i) => {
    for (let j = i + 1; j < sorted.length && sorted[j].start < one.end; j++) hit.add(one).add(sorted[j])
  })
  return hit
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
