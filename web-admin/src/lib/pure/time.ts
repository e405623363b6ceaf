// Instants are milliseconds UTC; what people read is wall time in the area's zone. Nothing here asks
// the browser for its own zone: an official on a trip still sees the commune's hours.

export interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone)
  if (!found) {
    const options: Intl.DateTimeFormatOptions = {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
      hour: '2-digit', minute: '2-digit', second: '2-digit',
    }
    found = new Intl.DateTimeFormat('en-GB', options)
    formats.set(zone, found)
  }
  return found
}

export function wallOf(instant: number, zone: string): Wall {
  const part: Record<string, number> = {}
  for (const { type, value } of format(zone).formatToParts(instant)) part[type] = Number(value)
  return {
    year: part.year, month: part.month, day: part.day,
    hour: part.hour, minute: part.minute, second: part.second,
  }
}

function asIfUtc(wall: Wall): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second)
}

export function offsetAt(instant: number, zone: string): number {
  const whole = Math.floor(instant / 1000) * 1000
  return asIfUtc(wallOf(whole, zone)) - whole
}

/** A wall time in a skipped hour moves forward; in a repeated hour it is the first one. */
export function instantOf(wall: Wall, zone: string): number {
  const naive = asIfUtc(wall)
  const candidates = [naive - DAY, naive + DAY].map((near) => naive - offsetAt(near, zone))
  const fitting = candidates.filter((at) => asIfUtc(wallOf(at, zone)) === naive)
  return fitting.length > 0 ? Math.min(...fitting) : Math.max(...candidates)
}

const two = (n: number) => String(n).padStart(2, '0')

export function clockText(instant: number, zone: string, withSeconds = false): string {
  const w = wallOf(instant, zone)
  return `${two(w.hour)}:${two(w.minute)}` + (withSeconds ? `:${two(w.second)}` : '')
}

/** Seconds only when there are any. */
export function exactText(instant: number, zone: string): string {
  return clockText(instant, zone, wallOf(instant, zone).second > 0)
}

export function dateText(instant: number, zone: string): string {
  const w = wallOf(instant, zone)
  return `${two(w.day)}/${two(w.month)}/${w.year}`
}

export function shortDateText(instant: number, zone: string): string {
  const w = wallOf(instant, zone)
  return `${two(w.day)}/${two(w.month)}`
}

/** 2026-11-22: sorts, compares and fits in a URL. */
export function dayKey(instant: number, zone: string): string {
  const w = wallOf(instant, zone)
  return `${w.year}-${two(w.month)}-${two(w.day)}`
}

export function dayStart(key: string, zone: string): number {
  const [year, month, day] = key.split('-').map(Number)
  return instantOf({ year, month, day, hour: 0, minute: 0, second: 0 }, zone)
}

export function addDays(key: string, days: number): string {
  return new Date(Date.parse(`${key}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** 0 = Monday, as Vietnamese calendars count. */
export function weekdayOf(key: string): number {
  return (new Date(`${key}T00:00:00Z`).getUTCDay() + 6) % 7
}

export function mondayOf(key: string): string {
  return addDays(key, -weekdayOf(key))
}

export function keyText(key: string): string {
  const [year, month, day] = key.split('-')
  return `${day}/${month}/${year}`
}

/** A day key of the calendar, as an address should have one; "2026-02-30" is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

/** "22/11/2026", "22.11.26", "22-11" (the year of `today`); null when there is no such day. */
export function parseDate(text: string, today: string): string | null {
  const found = /^\s*(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?\s*$/.exec(text)
  if (!found) return null
  const [day, month] = [Number(found[1]), Number(found[2])]
  const year = found[3] ? Number(found[3]) + (found[3].length === 2 ? 2000 : 0) : Number(today.slice(0, 4))
  const key = `${year}-${two(month)}-${two(day)}`
  const check = new Date(`${key}T00:00:00Z`)
  return !Number.isNaN(check.getTime()) && check.toISOString().slice(0, 10) === key ? key : null
}

export interface TimeOfDay {
  hour: number
  minute: number
  second: number
}

/** "17:30", "5h30", "5h", "0530", "17:30:15". */
export function parseTime(text: string): TimeOfDay | null {
  const found = /^\s*(\d{1,2})(?:\s*[:hg.]\s*(\d{1,2})?(?::(\d{1,2}))?|(\d{2}))?\s*$/i.exec(text)
  if (!found) return null
  const time = { hour: Number(found[1]), minute: Number(found[2] ?? found[4] ?? 0), second: Number(found[3] ?? 0) }
  return time.hour < 24 && time.minute < 60 && time.second < 60 ? time : null
}

export function atDay(key: string, { hour, minute, second }: TimeOfDay, zone: string): number {
  const [year, month, day] = key.split('-').map(Number)
  return instantOf({ year, month, day, hour, minute, second }, zone)
}

export function rfc3339(instant: number, zone: string): string {
  const offset = offsetAt(instant, zone) / MINUTE
  const w = wallOf(instant, zone)
  const sign = offset < 0 ? '-' : '+'
  const o = Math.abs(offset)
  const day = `${w.year}-${two(w.month)}-${two(w.day)}`
  return `${day}T${two(w.hour)}:${two(w.minute)}:${two(w.second)}${sign}${two(Math.floor(o / 60))}:${two(o % 60)}`
}

export function stopwatch(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  return `${Math.floor(s / 60)}:${two(s % 60)}`
}
