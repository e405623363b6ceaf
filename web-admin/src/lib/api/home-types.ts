// What the first page is told; docs/api.md.
import type { Outcome, Priority, Station } from './types'

export interface HomeNow {
  broadcast: string
  title: string
  started_at: string
  ends_at: string | null
  stations: { planned: number; playing: number; failed: number }
}

export interface HomeStrip {
  broadcast: string
  title: string
  class: Priority
  start: string
  duration_ms: number | null
  stations: number
  counts: Partial<Record<Outcome, number>>
}

export interface HomeNext {
  broadcast: string
  title: string
  start: string
  stations: number
  ready: number
}

export type HomeStation = Pick<Station, 'id' | 'name' | 'area' | 'area_name' | 'state' | 'last_contact' | 'faults'>

export interface Home {
  server_time: string
  zone: string
  now: HomeNow[]
  now_left_out: number
  strip: HomeStrip[]
  attention: HomeStation[]
  next: HomeNext[]
  /** fine: online, and nobody is needed there. */
  counts: { stations: number; online: number; fine: number }
}
