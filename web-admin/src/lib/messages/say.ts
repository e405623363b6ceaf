// How often something plays, and under which conditions, in words. What is no plain rule of days, weeks, months or
// lunar days is only called one.
import type { StandIn, When } from '../api/types'
import { clockText, dateText, dayStart } from '../pure/time'
import { validityDays, type Validity } from '../pure/validity'
import { fromWhen, LATE_DEFAULT_MIN, type Extra, type Pattern } from '../pure/wish'
import { m } from './index.svelte'

const UTC = 'UTC'

export function kindText(when: When): string {
  const pattern = fromWhen(when)
  const holidays = when.holidays ? (when.holidays.mode === 'except' ? m().rule.exceptHolidays : m().rule.onlyHolidays) : ''
  const until = when.until ? m().rule.until(dateText(dayStart(when.until, UTC), UTC)) : ''
  return [pattern ? patternText(pattern) : m().compose.kind.rule, holidays, until].filter(Boolean).join(', ')
}

/** Without holidays and end. */
export function patternText(pattern: Pattern): string {
  if (pattern.kind === 'monthly') return pattern.lunar ? m().rule.lunar(pattern.days, pattern.months) : m().rule.monthly(pattern.days, pattern.months)
  if (pattern.kind === 'weekly') return m().rule.weekly(m().day.list(pattern.weekdays), pattern.every)
  if (pattern.kind === 'daily') return m().rule.days(pattern.every)
  return m().compose.kind[pattern.kind]
}

/** What a person chose beside the pattern, each a sentence. */
export function extraTexts(extra: Extra, priority: boolean): string[] {
  const usual = LATE_DEFAULT_MIN[priority ? 'priority' : 'normal']
  return [
    extra.count > 1 ? m().rules.say.repeat(extra.count, extra.gapMin) : '',
    extra.preempt !== 'resume' ? m().rules.say.preempt[extra.preempt] : '',
    extra.filler && !priority ? m().rules.say.filler : '',
    extra.lateMin !== null && extra.lateMin !== usual ? m().rules.say.late(extra.lateMin) : '',
  ].filter(Boolean)
}

/** What stands in, in order; what is not approved for there says so. */
export const standInsText = (list: StandIn[]): string => list.map((one) => (one.stands_in ? (one.title ?? one.bulletin) : m().standIns.silent(one.title ?? one.bulletin))).join(', ')

/** From when to when it may be heard; '' where nothing limits it. */
export function validityText(of: Validity, zone: string): string {
  const { from, until, whole } = validityDays(of, zone)
  if (!from && !until) return ''
  return m().validity.is(from, whole ? until : `${clockText(Date.parse(of.valid_until!), zone)} ${until}`, whole)
}
