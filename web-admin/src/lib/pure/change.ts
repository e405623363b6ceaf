// Which rule of a series holds where, and the days that a person types as exceptions.
import type { Broadcast, Check, CheckRow, When } from '../api/types'
import { parseDate } from './time'

/** The rule that gives the occurrence at an instant: the last one that took over before it. */
export function ruleAt(broadcast: Broadcast, recurrence: number): When {
  const taken = (broadcast.later ?? []).filter((part) => Date.parse(part.from) <= recurrence)
  return taken.length > 0 ? taken[taken.length - 1].when : broadcast.when
}

/** One day a line, or between commas; `wrong` is the first that is none. */
export function typedDays(text: string, today: string): { days: string[]; wrong: string } {
  const words = text.split(/[\n,;]/).map((word) => word.trim()).filter(Boolean)
  const days = words.map((word) => parseDate(word, today))
  const at = days.indexOf(null)
  return { days: at < 0 ? [...new Set(days as string[])].sort() : [], wrong: at < 0 ? '' : words[at] }
}

/** A rule for a series that has one: what it does not name would stay, so all that it can name is said. */
export function changed(when: When, exdates: string[]): When {
  const { at, ...rest } = when
  const plain = when.kind === 'daily' ? { ...rest, kind: 'rule' as const, start: at!, rrule: 'FREQ=DAILY' } : when
  return { ...plain, until: when.until ?? null, holidays: when.holidays ?? null, exdates }
}

/**
 * A verdict is asked as for a new order, while the series that is changed still stands: what the two do to each other
 * is nothing that will happen. Neither are minutes of which it is counted twice, where it stays on its day.
 */
export function withoutSelf(check: Check, series: string, sameDay: boolean): Check {
  const others = (row: Pick<CheckRow, 'broadcast' | 'why'>) => row.broadcast !== series && row.why?.by?.broadcast !== series
  const [own, rest, losses] = [check.own.filter(others), check.others.filter(others), (check.losses ?? []).filter(others)]
  const policy = sameDay ? check.policy.filter((row) => !row.code.endsWith('_minutes')) : check.policy
  return { ...check, own, others: rest, losses, losses_total: (check.losses_total ?? 0) - (check.losses ?? []).length + losses.length, policy, clear: own.length + rest.length + losses.length + policy.length === 0 }
}
