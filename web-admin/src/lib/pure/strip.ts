// The strip of the day: hours in use are drawn to scale, the empty ones between them shrink to a narrow
// gap, so that two sessions a day fill a phone's width. Positions are percent of the strip.
import { HOUR, MINUTE } from './time'

export interface Span {
  start: number
  end: number
}

export interface StripPart extends Span {
  open: boolean
  left: number
  width: number
}

export interface Strip {
  parts: StripPart[]
  /** Where an instant lies, 0..100. */
  x(instant: number): number
}

const PAD = 15 * MINUTE
const MERGE_BELOW = HOUR
const GAP_WIDTH = 5
const QUARTER = 15 * MINUTE

/** Padded to quarters of an hour and joined when close; at most `most` windows remain. */
export function windows(spans: Span[], day: Span, most: number): Span[] {
  const padded = spans
    .map((s) => ({
      start: Math.max(day.start, Math.floor((s.start - PAD) / QUARTER) * QUARTER),
      end: Math.min(day.end, Math.ceil((s.end + PAD) / QUARTER) * QUARTER),
    }))
    .filter((s) => s.end > s.start)
    .sort((a, b) => a.start - b.start)
  const merged: Span[] = []
  for (const span of padded) {
    const last = merged[merged.length - 1]
    if (last && span.start - last.end < MERGE_BELOW) last.end = Math.max(last.end, span.end)
    else merged.push({ ...span })
  }
  while (merged.length > most) joinClosest(merged)
  return merged
}

function joinClosest(spans: Span[]): void {
  let best = 1
  for (let i = 2; i < spans.length; i++)
    if (spans[i].start - spans[i - 1].end < spans[best].start - spans[best - 1].end) best = i
  spans[best - 1].end = Math.max(spans[best - 1].end, spans[best].end)
  spans.splice(best, 1)
}

export function layStrip(spans: Span[], day: Span, most = 3): Strip {
  const open = windows(spans, day, most)
  const raw: { start: number; end: number; open: boolean }[] = []
  let at = day.start
  for (const w of open) {
    if (w.start > at) raw.push({ start: at, end: w.start, open: false })
    raw.push({ ...w, open: true })
    at = w.end
  }
  if (at < day.end) raw.push({ start: at, end: day.end, open: open.length === 0 })
  const gaps = raw.filter((r) => !r.open).length
  const used = raw.reduce((sum, r) => sum + (r.open ? r.end - r.start : 0), 0)
  let left = 0
  const parts = raw.map((r) => {
    const width = r.open ? ((100 - gaps * GAP_WIDTH) * (r.end - r.start)) / used : GAP_WIDTH
    const part = { ...r, left, width }
    left += width
    return part
  })
  return { parts, x: (instant) => place(parts, instant) }
}

function place(parts: StripPart[], instant: number): number {
  const part = parts.find((p) => instant < p.end) ?? parts[parts.length - 1]
  const share = (instant - part.start) / (part.end - part.start)
  return part.left + part.width * Math.min(1, Math.max(0, share))
}
