// Which rule of a series holds where, and the days that a person types as exceptions.
import type { Broadcast, When } from '../api/types'
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
