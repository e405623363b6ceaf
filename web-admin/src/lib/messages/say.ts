// How often something plays, in words. What is no plain rule of days, weeks, months or lunar days is only called one.
import type { When } from '../api/types'
import { parts, weeklyDays } from '../pure/repeat'
import { m } from './index.svelte'

export function kindText(when: When): string {
  const rule = ruleText(when)
  const holidays = when.holidays ? (when.holidays.mode === 'except' ? m().rule.exceptHolidays : m().rule.onlyHolidays) : ''
  return [rule, holidays].filter(Boolean).join(', ')
}

function ruleText(when: When): string {
  if (when.lunar) return m().rule.lunar(when.lunar.days, when.lunar.months ?? [])
  const days = weeklyDays({ ...when, holidays: null })
  if (days) return m().compose.weeklyOn(m().day.list(days))
  const rule = parts(when.rrule)
  const every = Number(rule.INTERVAL ?? 1)
  if (rule.FREQ === 'DAILY' && Object.keys(rule).every((k) => ['FREQ', 'INTERVAL'].includes(k))) return m().rule.days(every)
  if (rule.FREQ === 'MONTHLY' && rule.BYMONTHDAY && Object.keys(rule).every((k) => ['FREQ', 'INTERVAL', 'BYMONTHDAY'].includes(k)))
    return m().rule.monthly(rule.BYMONTHDAY.split(',').map(Number), every)
  return m().compose.kind[when.kind]
}
