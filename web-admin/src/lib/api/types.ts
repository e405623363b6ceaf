// What docs/api.md says, as types; keep the two side by side.

import type { Target } from './schedule-types'

export type * from './report-types'
export type * from './schedule-types'

export type Language = 'vi' | 'en'
export type Verb =
  | 'view' | 'manage_areas' | 'manage_users' | 'manage_stations'
  | 'create_content' | 'approve_content' | 'schedule' | 'alert' | 'audit'
export type Role =
  | 'administrator' | 'editor' | 'auditor' | 'commune_leader'
  | 'commune_operator' | 'village_head' | 'technician' | 'viewer'
export type Outcome =
  | 'upcoming' | 'playing' | 'played' | 'partial' | 'missed' | 'cancelled' | 'unknown' | 'unreported'
export type Topic = 'stations' | 'airings' | 'bulletins' | 'broadcasts' | 'groups' | 'alerts'
export type Priority = 'normal' | 'priority' | 'emergency'

export interface Page<T> {
  items: T[]
  next: string | null
  /** How many there are in all, where the list says it. */
  total?: number | null
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance?: string
  errors?: { pointer: string; detail: string }[]
}

export interface Person {
  id: string
  name: string
}

export interface Area {
  id: string
  parent: string | null
  name: string
  kind: string
  zone: string
  one_person_approves: boolean
}

/** A tone that a technician asked a station for; author null: at the pole. */
export interface StationOrder {
  state: 'none' | 'waiting' | 'taken' | 'failed' /* waiting: the station has not said so yet */
  author: string | null
  at: string | null
  taken_at: string | null
  reason: string
}
export interface StationOrders {
  volume: StationOrder & { volume_db: number }
  mute: StationOrder & { muted: boolean; from: string | null; until: string | null }
}

export interface TestTone {
  id: string
  author: string | null
  at: string
  gain_db: number
  state: 'waiting' | 'heard' | 'partial' | 'silent' | 'busy' | 'no_answer'
  text: string
  level_dbfs: number | null
  grade: number
  fault: string | null
  ended_at: string | null
}

/** A radio station that can be relayed; addresses in the order in which they are tried. */
export interface Source {
  id: string
  area: string
  area_name: string
  name: string
  addresses: { url: string; format: string }[]
  created_by: string
  created_at: string
  may_change: boolean
  /** Of the stations of the area that asked: those that said they can decode none of its kinds. */
  reach: { stations: number; unable: number; names: string[] } | null
}

export interface SourceTrial {
  id: string
  url: string
  state: 'working' | 'heard' | 'failed'
  format: string | null
  peak_dbfs: number | null
  why: string | null
}

export interface Grant {
  role: Role
  area: string
  area_name?: string
}

export interface Me extends Person {
  login: string
  phone: string | null
  language: Language
  grants: Grant[]
  may: Verb[]
  areas: Area[]
  totp: boolean
  totp_needed: boolean
  recovery_codes_left: number
  password_change_needed: boolean
  server_time: string
}

export interface User extends Person {
  login: string
  phone?: string | null
  language?: Language
  grants: Grant[]
  disabled: boolean
  password_change_needed: boolean
  totp: boolean
  may_change: boolean
}

export interface Session {
  id: string
  device: string | null
  remote: string | null
  created_at: string
  seen_at: string
  current: boolean
}

export interface Token {
  id: string
  name: string
  may: Verb[]
  created_at: string
  expires_at: string | null
  used_at: string | null
  used_from: string | null
}

export interface NewToken extends Token {
  token: string
}

export interface Fault {
  code: string
  since: string | null
  text: string
  next_step: string
}

export interface Station {
  id: string
  name: string
  area: string
  area_name: string
  state: 'online' | 'offline' | 'never'
  last_contact: string | null
  now_playing: { airing: string; title: string } | null
  level_dbfs: number | null
  volume_db: number | null
  muted_until?: string | null
  plan: { version: number | null; current: boolean } | null
  media: { ready: number; missing: number } | null
  clock: { trust: number | null; error_ms: number | null } | null /* error_ms < 0: not known */
  receipts_waiting: number | null
  storage_free_bytes: number | null
  software: string | null
  lat: number | null
  lon: number | null
  model: string | null
  serial: string | null
  amplifier: 'on' | 'off' | 'unknown' | null
  faults: Fault[]
  board?: { mains: boolean | null; tamper: boolean | null; under_voltage: boolean | null; battery_mv: number | null; temperature_mc: number | null; current_ma: number | null }
  data_day_mb?: number | null
  data_month_mb?: number | null
  data?: {
    day_bytes: number | null
    month_bytes: number | null
    day_limit_bytes: number | null
    month_limit_bytes: number | null
    forecast_bytes: number | null
    month_kinds: Record<string, number | null>
    state: 'free' | 'near' | 'spent' | null
  } | null
  modem?: { signal_percent: number | null; rx_bytes: number | null; tx_bytes: number | null; technology: string | null; operator: string | null; state: string | null } | null
  refusals?: { code: string; count: number; first: string; last: string }[]
  accepted_at: string | null
  retired_at?: string | null
  recent?: Airing[]
}

export interface Enrolment {
  model: string
  serial: string
  software: string
  waiting_since: string
  expected: { name: string; area: string } | null
}

export interface Approval {
  needed: number
  given: { id: string; name: string; at: string }[]
  scope: string
  scope_name: string
  class: Priority
  covered: boolean
  may_approve: boolean
  why_not: 'state' | 'own' | 'no_sound' | 'already' | 'right' | null
}

export interface Version {
  version: string
  number: number
  title: string
  language: string
  text: string | null
  valid_from: string | null
  valid_until: string | null
  state: Bulletin['state']
  audio: Bulletin['audio']
  duration_ms: number | null
  author: string
  created_at: string
  airs: boolean
  steps: { act: 'submit' | 'approve' | 'reject' | 'withdraw' | 'shorten'; by: string; at: string; scope_name: string | null; class: Priority | null; reason: string | null; valid_until: string | null }[]
}

export interface InboxRow {
  id: string
  title: string
  area: string
  area_name: string | null
  by: string | null
  since: string
  object: unknown
}

export interface Inbox {
  total: number
  /** `more`: there is, or may be, more of this kind than `items`. */
  kinds: { kind: string; items: InboxRow[]; more: boolean }[]
}

export interface Roles {
  verbs: { verb: Verb; text: string }[]
  roles: { role: Role; text: string; verbs: Verb[] }[]
}

export interface StandIn {
  bulletin: string
  title: string | null
  state: Bulletin['state'] | null
  stands_in: boolean /* approved for where, and as what, the bulletin airs */
}

export interface Bulletin {
  id: string
  version: string
  number: number
  kind: 'file' | 'speech' | 'relay'
  relay: { source: string; minutes: number } | null
  /** What stands in where it cannot be heard, in order. */
  fallback: StandIn[]
  /** The approved version, which airs until the newest one is approved. */
  airs: { version: string; number: number; title: string; same_sound: boolean; fallback: StandIn[]; valid_from: string | null; valid_until: string | null } | null
  approval: Approval | null
  title: string
  language: string
  area: string
  area_name: string
  /** As typed; not in lists. */
  text?: string | null
  state: 'draft' | 'submitted' | 'approved' | 'rejected' | 'withdrawn'
  audio: 'none' | 'working' | 'ready' | 'failed'
  audio_progress: number | null
  audio_error: string | null
  duration_ms: number | null
  loudness_lufs: number | null
  sha256: string | null
  valid_from: string | null
  valid_until: string | null
  author: Person
  approver: Person | null
  reject_reason: string | null
  created_at: string
  updated_at: string
}

export interface Peaks {
  duration_ms: number
  peaks: number[] /* min, max, min, max, ... */
}

export interface Evidence {
  grade: number /* 2 = E2 */
  rms_dbfs: number | null
  peak_dbfs: number | null
  frames: number | null
  xruns: number | null
  mixer_db: number | null
  mixer_muted: boolean | null
  amplifier: string | null
  clock_trust: number | null
}

export interface Airing {
  id: string
  broadcast: string
  title: string
  class: Priority
  station: string
  station_name: string
  area: string
  planned_start: string
  outcome: Outcome
  reason: string | null
  reason_text: string | null
  started_at: string | null
  ended_at: string | null
  late_by_ms: number | null
  duration_ms: number | null
  author: string | null
  approver: string | null
  evidence: Evidence | null
  receipt: { station: string; counter: number } | null
}

export interface AccessPolicy {
  totp_for_administrators: boolean
  totp_for_alerts: boolean
}

export interface AlertClip {
  id: string
  area: string
  area_name: string | null
  bulletin: string | null
  title: string
  severity: number
  button: number
  every_minutes: number
  drill: boolean
  state: 'ready' | 'working' | 'withdrawn'
  duration_ms: number
  created_at: string
  may_change: boolean
}

export interface Alert {
  id: string
  area: string
  area_name: string | null
  clip: string
  bulletin: string
  title: string
  targets: Target[]
  severity: number
  drill: boolean
  every_minutes: number
  duration_ms: number
  issued_at: string
  expires_at: string
  author_name: string
  reason: string | null
  corrects: string | null
  cancelled_at: string | null
  cancelled_by: string | null
  cancel_reason: string | null
  state: 'active' | 'cancelled' | 'expired'
  review: { verdict: 'right' | 'wrong'; reason: string; by: string; at: string } | null
  may_cancel: boolean
  may_review: boolean
  progress: {
    stations: number; sounded: number; sounding: number; failed: number; waiting: number; offline: number; cut_off: number; plays: number
  }
  cut_off?: { station: string; name: string; last_contact: string | null }[]
}

export type * from './administration'
export type * from './home-types'
