// From when to when a bulletin may be heard. People give days, the last one included; the server has instants, the end
// not included. An end within a day (it came by the API) keeps its instant while its day stays.
import { addDays, dateText, dayKey, dayStart, parseDate, rfc3339 } from './time'

export interface Validity {
  valid_from: string | null
  valid_until: string | null
}

/** As typed; empty: open. */
export interface TypedValidity {
  from: string
  until: string
}

export const OPEN: Validity = { valid_from: null, valid_until: null }

/** The last instant in which it may be heard. */
const last = (until: string) => Date.parse(until) - 1

export function typedOf(of: Validity, zone: string): TypedValidity {
  return {
    from: of.valid_from ? dateText(Date.parse(of.valid_from), zone) : '',
    until: of.valid_until ? dateText(last(of.valid_until), zone) : '',
  }
}

/** What was typed, as the server takes it; what names the same day as before stays as it was. A day that is none is open. */
export function validityOf(typed: TypedValidity, before: Validity, today: string, zone: string): Validity {
  const was = typedOf(before, zone)
  const [from, until] = [typed.from, typed.until].map((text) => parseDate(text, today))
  const at = (day: string) => rfc3339(dayStart(day, zone), zone)
  return {
    valid_from: !from ? null : from === parseDate(was.from, today) ? before.valid_from : at(from),
    valid_until: !until ? null : until === parseDate(was.until, today) ? before.valid_until : at(addDays(until, 1)),
  }
}

export type Wrong = '' | 'date' | 'order' | 'past'

/** What is wrong with the days, beside which field. An end that stands already may have passed. */
export function wrongDays(typed: TypedValidity, before: Validity, today: string, zone: string): { from: Wrong; until: Wrong } {
  const [from, until] = [typed.from, typed.until].map((text) => (text.trim() ? parseDate(text, today) : ''))
  const stays = until === parseDate(typedOf(before, zone).until, today)
  return {
    from: from === null ? 'date' : '',
    until: until === null ? 'date' : until && from && until < from ? 'order' : until && until < today && !stays ? 'past' : '',
  }
}

const instant = (text: string | null) => (text === null ? null : Date.parse(text))

export const sameValidity = (one: Validity, other: Validity) => instant(one.valid_from) === instant(other.valid_from) && instant(one.valid_until) === instant(other.valid_until)

/** Ends sooner and is otherwise the same: nobody has to approve that again. */
export function endsSooner(next: Validity, before: Validity): boolean {
  const [to, was] = [instant(next.valid_until), instant(before.valid_until)]
  return instant(next.valid_from) === instant(before.valid_from) && to !== null && (was === null || to < was)
}

/** Where an instant lies. */
export function validityAt(of: Validity, at: number): 'valid' | 'early' | 'over' {
  if (of.valid_from && at < Date.parse(of.valid_from)) return 'early'
  return of.valid_until && at >= Date.parse(of.valid_until) ? 'over' : 'valid'
}

/** In days as people read them; the clock only where it does not end with a day. */
export function validityDays(of: Validity, zone: string): { from: string; until: string; whole: boolean } {
  const end = of.valid_until ? Date.parse(of.valid_until) : 0
  return { ...typedOf(of, zone), whole: !of.valid_until || dayStart(dayKey(end, zone), zone) === end }
}
