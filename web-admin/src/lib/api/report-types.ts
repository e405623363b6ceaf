// The log in groups, the way of one airing, and the reports, as docs/api.md says them.
import type { Airing, Outcome } from './types'

export interface AiringGroup {
  broadcast: string
  title: string
  class: Airing['class']
  planned_start: string
  duration_ms: number
  stations: number
  counts: Partial<Record<Outcome, number>>
}

export type Step = 'approved' | 'ordered' | 'signed' | 'fetched' | 'due' | 'started' | 'ended' | 'told' | 'stored' | 'closed'

export interface AiringWay {
  airing: Airing
  timeline: { what: Step; at: string; who: string | null }[]
  plan: { epoch: number; version: number; sha256: string | null; signed_at: string | null; fetched_at: string | null } | null
  ready: { state: string; files_missing: number } | null
  conflict: boolean
  receipts: {
    counter: number
    keyid: string
    sha256: string
    signature: 'good' | 'bad' | 'other_key'
    counts: boolean
    outcome: Outcome
    reason: string | null
    fault: string | null
    made_at: string | null
    received_at: string | null
    clock_error_ms: number | null
    segments: { from: string | null; to: string | null; frames: number; ended: string; source: string | null; stands_in: string | null }[]
  }[]
  more: boolean
  unreported_sha256: string | null
}

export interface Figures {
  due: number
  played: number
  partial: number
  missed: number
  cancelled: number
  unknown: number
  unreported: number
  upcoming: number
  success: number | null
  planned_ms: number
  played_ms: number
  late: number
  late_ms: number
}

export interface Uptime {
  stations: number
  online_share: number | null
  drops: number
}

interface ReportArea {
  id: string
  name: string
  kind: string
  zone: string
}

export interface Monthly {
  month: string
  made_at: string
  is_over: boolean
  area: ReportArea
  total: Figures & Uptime
  before: Figures
  by_class: ({ key: string } & Figures)[]
  by_source: ({ key: string } & Figures)[]
  by_language: ({ key: string } & Figures)[]
  by_author: ({ key: string } & Figures)[]
  areas: ({ area: string; name: string; kind: string; is_own: boolean } & Uptime & Figures)[]
  days: ({ day: string } & Figures)[]
  reasons: { reason: string; text: string; airings: number }[]
  faults: { code: string; text: string; stations: number }[]
}

export type Legacy = 'none' | 'fm' | 'wired'

export interface CoverageShare {
  communes: number
  share: number | null
  target: number
  is_reached: boolean
}

export interface Coverage {
  area: ReportArea
  made_at: string
  communes: number
  with_station: CoverageShare
  with_digital: CoverageShare
  items: {
    area: string
    name: string
    kind: string
    parent_name: string | null
    stations: number
    online: number
    legacy: Legacy
    has_station: boolean
    has_digital: boolean
  }[]
}
