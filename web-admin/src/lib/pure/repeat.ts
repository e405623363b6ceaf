// What the panel's "weekly" is on the wire: one RFC 5545 rule of weekdays, 0 = Monday. Other rules (lunar days,
// intervals) are made elsewhere; of them nothing is guessed here.
import type { When } from '../api/types'
import { addDays, atDay, dayKey, weekdayOf, type TimeOfDay } from './time'

const CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

export function weeklyRule(days: number[]): string {
  return `FREQ=WEEKLY;BYDAY=${CODES.filter((_, n) => days.includes(n)).join(',')}`
}

/** "FREQ=DAILY;INTERVAL=2" as names and values. */
export function parts(rrule: string | null | undefined): Record<string, string> {
  return Object.fromEntries((rrule ?? '').split(';').filter(Boolean).map((p) => p.split('=') as [string, string]))
}

/** The weekdays of a rule that is nothing but weekdays; null for any other. */
export function weeklyDays(when: When): number[] | null {
  const found = /^FREQ=WEEKLY;BYDAY=([A-Z,]+)$/.exec(when.rrule ?? '')
  if (when.kind !== 'rule' || !found || when.lunar || when.holidays) return null
  const days = found[1].split(',').map((code) => CODES.indexOf(code))
  return days.includes(-1) ? null : days.sort((a, b) => a - b)
}

/** The first moment after `now` on one of the days; null without a day. */
export function firstWeekly(days: number[], time: TimeOfDay, now: number, zone: string): number | null {
  const today = dayKey(now, zone)
  for (let n = 0; n <= 7; n++) {
    const key = addDays(today, n)
    const at = atDay(key, time, zone)
    if (days.includes(weekdayOf(key)) && at > now) return at
  }
  return null
}
