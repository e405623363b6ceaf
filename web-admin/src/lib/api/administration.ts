// What docs/api.md says of lists, the map, forecasts, policies, groups, holidays, settings and the system log.
import type { Broadcast, Outcome, Priority, ProgrammeItem, Station, Target, When } from './types'

export interface ImportReport {
  items: { row: number; name: string | null; what: 'create' | 'update' | 'same' | 'refused'; why_not: string | null }[]
  create: number
  update: number
  same: number
  refused: number
  stored: boolean
}

export interface MapPoint {
  id: string
  name: string
  lat: number
  lon: number
  state: Station['state']
  trouble: boolean
}

export interface MapAnswer {
  areas: { type: 'FeatureCollection'; features: { type: 'Feature'; properties: { id: string; name: string; kind: string }; geometry: unknown }[] }
  stations: MapPoint[]
  unplaced: number
}

export interface Why {
  code: string
  vi: string
  en: string
  by: { broadcast: string; title: string; airing: string } | null
}

export interface StationAgenda {
  station: string
  zone: string
  from: string
  to: string
  sounds: { airing: string; broadcast: string; title: string; class: Priority; planned_start: string; from: string; until: string; why: Why | null; end: Why | null }[]
  silent: { airing: string; broadcast: string; title: string; class: Priority; planned_start: string; outcome: string; reason: string | null; why: Why | null }[]
}

export interface ScheduleItem {
  broadcast: string
  recurrence_id: string
  start: string
  duration_ms: number
  plays: boolean
  moved: boolean
  reason: string | null /* 'deleted': taken out by somebody */
  reason_text: string | null
}

/** What happens in some days, with the orders behind it. */
export interface Week {
  items: ScheduleItem[]
  broadcasts: Broadcast[]
  /** Too many to be looked at together: only those of the very area are here. */
  below_left_out: boolean
  cut: boolean
}

/** Stations at which an order was taken back, or too late; the rest is unknown. */
export interface Withdrawal {
  deleted: boolean
  stations: number
  dropped: number
  played: number
}

/** One start of a series, played or left out. */
export interface SeriesStart {
  recurrence_id: string
  start: string
  plays: boolean
  moved: boolean
  reason: 'deleted' | 'holiday' | 'no_holiday' | null
  reason_text: string | null
  holiday: string | null
  gain_db: number
  tolerance_s: number
  repeat: { count: number; gap_s: number }
  on_preempt: 'resume' | 'restart' | 'drop'
  filler: boolean
}

/** An address from which a calendar program reads; its secret is shown once. */
export interface CalendarLink {
  id: string
  name: string
  area: string
  area_name: string
  created_at: string
  used_at: string | null
}

export interface Span {
  from: string
  until: string
}

export interface Policy {
  quiet: Span[] | null
  windows: (Span & { weekdays: string[] })[]
  ceilings: (Span & { gain_db: number; class?: 'normal' | 'priority' | null })[]
  session_min: number | null
  day_min: number | null
  live_max_min: number | null
  data_day_mb: number | null
  data_month_mb: number | null
  approvers: number | null
  classes: Priority[] | null
  roles: Record<string, Priority[]> | null
}

export interface EffectivePolicy extends Omit<Policy, 'windows'> {
  quiet_is_default: boolean
  windows: (Span & { weekdays: string[] })[][]
}

export interface AreaPolicy {
  area: string
  own: Policy | null
  effective: EffectivePolicy
}

/** In which order an area lets sound what clashes; date null = every day without an order of its own. */
export interface Precedence {
  area: string
  days: { date: string | null; broadcasts: { id: string; title: string }[] }[]
}

export interface CalendarReport {
  items: { uid: string; title: string; accepted: boolean; recurrence_id: string | null; when: When | null; why_not: string | null; broadcast: string | null }[]
  accepted: number
  refused: number
  ignored: number
  stored: number
  note: string
}

export interface ProgrammeKind {
  kind: ProgrammeItem['kind']
  format: string | null
  playable: boolean
  stations: number
  speaking: number
}

export interface GroupCandidate {
  id: string
  name: string
  kind: string
  parent_name: string | null
}

export interface GroupMember {
  kind: 'area' | 'station'
  id: string
  name: string
  area: string
  area_name: string
  state: 'own' | 'requested' | 'accepted' | 'refused' | 'withdrawn'
  reason: string | null
  may_answer: boolean
}

export interface Group {
  id: string
  area: string
  area_name: string
  name: string
  members: GroupMember[]
  may_change: boolean
}

export interface HolidayRow {
  name_vi: string
  name_en: string
  lunar?: boolean
  month: number
  day: number
  first?: number
  days?: number
  from_year?: number
  to_year?: number
}

export interface HolidayCalendar {
  id: string
  name_vi: string
  name_en: string
  rows: HolidayRow[]
  year: number
  dates: { date: string; name: string }[]
}

export interface Settings {
  report_heading: string
  report_place: string
  support: string
  may_change: boolean
}

export interface ActionEntry {
  id: string
  at: string
  user_name: string | null
  verb: string
  area: string | null
  area_name: string | null
  object: string | null
  detail: Record<string, unknown> | null
  remote: string | null
}

/** What was aired since yesterday, as the order that airs it once more. */
export interface Again {
  broadcast: string
  bulletin: string | null
  programme: string | null
  title: string
  area: string
  targets: Target[]
  class: Priority
  start: string
  duration_ms: number
}

export interface Since {
  since: string
  /** Where the next look begins: what began earlier is settled and in here. */
  up_to: string
  missed: number
  partial: number
  unknown: number
  items: { broadcast: string; title: string; start: string; outcome: Outcome; reason: string | null; reason_text: string | null; stations: number }[]
}
