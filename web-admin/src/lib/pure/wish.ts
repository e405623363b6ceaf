// What a person wishes of "when": how it repeats, and the options that most orders never touch. One shape for
// composing and for changing a series; toWhen() and fromWhen() are the only ways to and from the wire.
import type { When } from '../api/types'
import { lunarOf } from './lunar'
import { addDays, atDay, dayKey, weekdayOf, type TimeOfDay } from './time'

export type Kind = 'now' | 'once' | 'daily' | 'weekly' | 'monthly'
export type Preempt = 'resume' | 'restart' | 'drop'

/** How it repeats; days of the month are 1..31 and -1, the last one. */
export interface Pattern {
  kind: Kind
  weekdays: number[]
  every: number
  lunar: boolean
  days: number[]
  months: number[] /* none: all */
  leap: boolean /* a leap month counts like the one whose number it repeats */
  holidays: '' | 'except' | 'only'
  calendar: string
  until: string | null /* 2026-12-31, or without end */
}

/** What holds whatever the pattern. */
export interface Extra {
  count: number
  gapMin: number
  preempt: Preempt
  lateMin: number | null /* null: as the class has it */
  filler: boolean /* gives way to everything else */
}

export const ONCE: Pattern = { kind: 'once', weekdays: [], every: 1, lunar: true, days: [1, 15], months: [], leap: true, holidays: '', calendar: 'vn', until: null }
export const PLAIN: Extra = { count: 1, gapMin: 5, preempt: 'resume', lateMin: null, filler: false }
export const LATE_DEFAULT_MIN = { normal: 10, priority: 60 } as const

const HORIZON_DAYS = 800 /* a day 30 of a leap month is rare, but there */
const CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

export const repeats = (kind: Kind): boolean => kind === 'daily' || kind === 'weekly' || kind === 'monthly'

function inMonth(day: number, length: number, month: number, pattern: Pattern): boolean {
  return (pattern.days.includes(day) || (day === length && pattern.days.includes(-1))) && (pattern.months.length === 0 || pattern.months.includes(month))
}

/** Whether the pattern alone, without holidays and intervals, names a day. */
export function names(key: string, pattern: Pattern): boolean {
  if (pattern.kind === 'weekly') return pattern.weekdays.includes(weekdayOf(key))
  if (pattern.kind !== 'monthly') return true
  if (pattern.lunar) {
    const day = lunarOf(key)
    return inMonth(day.day, day.length, day.month, pattern) && (pattern.leap || !day.leap)
  }
  const [year, month, day] = key.split('-').map(Number)
  return inMonth(day, new Date(Date.UTC(year, month, 0)).getUTCDate(), month, pattern)
}

/** The next days of a pattern; of an interval only the first is right, so only that one is given. */
export function nextDays(pattern: Pattern, from: string, most: number): string[] {
  const found: string[] = []
  for (let n = 0; n < HORIZON_DAYS && found.length < most; n++) {
    const key = addDays(from, n)
    if (pattern.until && key > pattern.until) break
    if (names(key, pattern)) found.push(key)
  }
  return pattern.every > 1 ? found.slice(0, 1) : found
}

/** The first start after `now`; null where the pattern never happens. */
export function firstStart(pattern: Pattern, time: TimeOfDay, now: number, zone: string): number | null {
  const today = dayKey(now, zone)
  const from = atDay(today, time, zone) > now ? today : addDays(today, 1)
  const day = nextDays(pattern, from, 1)[0]
  return day ? atDay(day, time, zone) : null
}

function rrule(pattern: Pattern): string {
  const every = pattern.every > 1 ? `;INTERVAL=${pattern.every}` : ''
  if (pattern.kind === 'daily') return `FREQ=DAILY${every}`
  if (pattern.kind === 'weekly') return `FREQ=WEEKLY${every};BYDAY=${CODES.filter((_, n) => pattern.weekdays.includes(n)).join(',')}`
  return `FREQ=MONTHLY;BYMONTHDAY=${pattern.days.join(',')}${pattern.months.length ? `;BYMONTH=${pattern.months.join(',')}` : ''}`
}

/** `at`: the first start, RFC 3339. A pattern without any is no order, least of all one for now. */
export function toWhen(pattern: Pattern, at: string | null): When {
  if (pattern.kind === 'now') return { kind: 'now' }
  if (at === null) throw new Error('a pattern that never starts')
  if (pattern.kind === 'once') return { kind: 'once', at }
  const until = pattern.until ? { until: pattern.until } : {}
  if (pattern.kind === 'daily' && pattern.every === 1 && !pattern.holidays) return { kind: 'daily', at, ...until }
  const holidays = pattern.holidays ? { holidays: { calendar: pattern.calendar, mode: pattern.holidays } } : {}
  const lunar = { days: pattern.days, ...(pattern.months.length && { months: pattern.months }), ...(!pattern.leap && { leap: false }) }
  return { kind: 'rule', start: at, ...(pattern.kind === 'monthly' && pattern.lunar ? { lunar } : { rrule: rrule(pattern) }), ...until, ...holidays }
}

const KNOWN: Record<string, string[]> = { DAILY: [], WEEKLY: ['BYDAY'], MONTHLY: ['BYMONTHDAY', 'BYMONTH'] }
const numbers = (text: string | undefined): number[] => (text ? text.split(',').map(Number) : [])

/** "FREQ=DAILY;INTERVAL=2" as names and values. */
const parts = (text: string | null | undefined): Record<string, string> =>
  Object.fromEntries((text ?? '').split(';').filter(Boolean).map((p) => p.split('=') as [string, string]))

/** The other way round; null for a rule that this panel cannot say in its own words. */
export function fromWhen(when: When): Pattern | null {
  const shared = { ...ONCE, holidays: when.holidays?.mode ?? ('' as const), calendar: when.holidays?.calendar ?? 'vn', until: when.until ?? null }
  if (when.kind !== 'rule') return { ...shared, kind: when.kind }
  if (when.lunar) return { ...shared, kind: 'monthly', days: when.lunar.days, months: when.lunar.months ?? [], leap: when.lunar.leap ?? true }
  const rule = parts(when.rrule)
  const known = KNOWN[rule.FREQ ?? '']
  if (!known || Object.keys(rule).some((name) => !['FREQ', 'INTERVAL', ...known].includes(name))) return null
  const every = Number(rule.INTERVAL ?? 1)
  if (rule.FREQ === 'DAILY') return { ...shared, kind: 'daily', every }
  if (rule.FREQ === 'MONTHLY') return rule.BYMONTHDAY && every === 1 ? { ...shared, kind: 'monthly', lunar: false, days: numbers(rule.BYMONTHDAY), months: numbers(rule.BYMONTH) } : null
  const weekdays = (rule.BYDAY ?? '').split(',').map((code) => CODES.indexOf(code))
  return weekdays.includes(-1) ? null : { ...shared, kind: 'weekly', every, weekdays: weekdays.sort((a, b) => a - b) }
}

/** The members of an order that differ from what the controller does by itself. */
export function extraMembers(extra: Extra): { repeat?: { count: number; gap_s: number }; tolerance_s?: number; on_preempt?: Preempt; filler?: true } {
  return {
    ...(extra.count > 1 && { repeat: { count: extra.count, gap_s: extra.gapMin * 60 } }),
    ...(extra.lateMin !== null && { tolerance_s: extra.lateMin * 60 }),
    ...(extra.preempt !== 'resume' && { on_preempt: extra.preempt }),
    ...(extra.filler && { filler: true as const }),
  }
}
