// What is ordered and what sounds: programmes, rules, broadcasts, and what the controller says of an order beforehand.
import type { Person, Priority } from './types'

export interface ProgrammeItem {
  kind: 'bulletin' | 'tune' | 'relay' | 'pause' | 'live'
  bulletin: string | null
  gain_db: number
  title?: string | null
  language?: string | null
  state?: string | null
  duration_ms?: number | null
}

export interface Programme {
  id: string
  area: string
  area_name: string | null
  title: string
  items: ProgrammeItem[]
  created_at?: string
}

export interface Template extends Programme {
  when: { time: string; weekdays: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[] } | null
  targets: Target[]
  class: 'normal' | 'priority'
  gain_db: number
}

export interface LeadInTune {
  area: string
  own: { id: string; title: string; state: string } | null
  effective: { id: string; title: string; state: string } | null
}

/** What a policy has against an order; `limits` are the hours or minutes it states. */
export interface Breach {
  area: string
  area_name: string
  below: boolean /* the place lies below a target, so that it can be left out */
  code: string
  vi: string
  en: string
  starts: number
  of: number
  first: string
  limits: string
  /** Of a session or day: what it would have and what it may have; the words say so already. */
  minutes?: { title: string; own: boolean; wanted_s: number; limit_s: number; days: number } | null
}

/** What the controller forecasts of an order that is not saved. */
export interface CheckRow {
  broadcast: string | null
  title: string
  class: Priority
  planned_start: string
  outcome: 'played' | 'partial' | 'missed' | 'cancelled'
  from: string | null
  until: string | null
  length_s: number
  moved_s: number
  why: { code: string; vi: string; en: string; by: { broadcast: string; title: string } | null }
  stations: number
}

/** What becomes of starts at all their stations; each row says at how many. */
export interface Fates {
  stations: number
  total: number
  items: CheckRow[]
}

/** What would not sound, or not whole, because of an order; broadcast null: a start of this very order. */
export interface Loss {
  broadcast: string | null
  title: string
  area: string
  area_name: string | null
  class: Priority
  outcome: 'missed' | 'partial'
  starts: number
  stations: number
  first: string
  why: { code: string; vi: string; en: string; by: { broadcast: string; title: string; airing: string } | null }
}

/** The refusal that asks for a word, and the same in a check. */
export interface Losses {
  losses: Loss[]
  losses_total: number
  confirm: string
}

/** What this order leaves out of its own starts, holidays by name. */
export interface Skipped {
  planned_start: string
  code: string
  vi: string
  en: string
}

export interface Check {
  policy: Breach[]
  stations: number
  airings: number
  from: string
  to: string
  own: CheckRow[]
  others: CheckRow[]
  own_total: number
  others_total: number
  clear: boolean
  nearest_free: string | null
  unable?: { stations: number; names: string[] }
  skipped?: Skipped[]
  skipped_total?: number
  losses?: Loss[]
  losses_total?: number
}

export interface Target {
  kind: 'area' | 'station' | 'group'
  id: string
  exclude: boolean
}

export interface When {
  kind: 'now' | 'once' | 'daily' | 'rule'
  at?: string | null
  until?: string | null
  start?: string
  rrule?: string | null
  lunar?: { days: number[]; months?: number[]; leap?: boolean } | null
  holidays?: { calendar: string; mode: 'except' | 'only' } | null
  zone?: string | null
  exdates?: string[]
  rdates?: string[]
}

/** An order for a broadcast, as POST /api/broadcasts and its check take it. */
export interface BroadcastOrder {
  bulletin?: string
  programme?: string
  area: string
  targets: Target[]
  when: When
  class?: Priority
  tolerance_s?: number
  gain_db?: number
  repeat?: { count: number; gap_s: number }
  on_preempt?: 'resume' | 'restart' | 'drop'
  filler?: boolean
  leave_out_refusing?: boolean
  /** Of a check: the series that this is to take the place of. */
  instead_of?: string
  /** The word that came with the list of what falls silent. */
  confirm?: string
}

export interface Broadcast {
  id: string
  bulletin: string | null
  programme: string | null
  bulletins: string[] /* all that it airs but tunes */
  title: string
  area: string
  targets: Target[]
  when: When
  later?: { from: string; when: When }[]
  repeat: { count: number; gap_s: number }
  on_preempt?: 'resume' | 'restart' | 'drop'
  filler?: boolean
  class: Priority
  tolerance_s: number
  gain_db: number
  state: 'waiting_approval' | 'active' | 'ended' | 'deleted' | 'rejected'
  rejection?: { bulletin: string; reason: string; by: Person; at: string } | null
  created_by: Person
  created_at: string
  next_start: string | null
}
