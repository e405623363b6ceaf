// Outcomes in groups and tones. Unknown is never green and never red: nobody has said anything yet.
import type { Airing, Outcome } from '../api/types'

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet' | 'open'

export const TONE: Record<Outcome, Tone> = {
  upcoming: 'open', playing: 'busy', played: 'good', partial: 'warn',
  missed: 'bad', cancelled: 'quiet', unknown: 'quiet', unreported: 'quiet',
}

export interface Group {
  broadcast: string
  title: string
  class: Airing['class']
  start: string
  airings: Airing[]
  counts: Record<Outcome, number>
  tone: Tone
}

const NONE: Record<Outcome, number> = {
  upcoming: 0, playing: 0, played: 0, partial: 0, missed: 0, cancelled: 0, unknown: 0, unreported: 0,
}

export function countOutcomes(airings: { outcome: Outcome }[]): Record<Outcome, number> {
  const counts = { ...NONE }
  for (const one of airings) counts[one.outcome]++
  return counts
}

/** The tone of a whole row: the worst that is known, then what is still open. */
export function toneOf(counts: Partial<Record<Outcome, number>>): Tone {
  const order: Outcome[] = ['missed', 'partial', 'playing', 'unknown', 'unreported', 'upcoming', 'played', 'cancelled']
  const worst = order.find((o) => (counts[o] ?? 0) > 0)
  return worst ? TONE[worst] : 'quiet'
}

/** One group for each start of each broadcast, newest first; failures first inside. */
export function groupAirings(airings: Airing[]): Group[] {
  const groups = new Map<string, Airing[]>()
  for (const airing of airings) {
    const key = `${Date.parse(airing.planned_start)} ${airing.broadcast}`
    const group = groups.get(key)
    if (group) group.push(airing)
    else groups.set(key, [airing])
  }
  return [...groups.values()].map(toGroup).sort((a, b) => Date.parse(b.start) - Date.parse(a.start))
}

const RANK: Outcome[] = ['missed', 'partial', 'unknown', 'unreported', 'playing', 'upcoming', 'played', 'cancelled']

function toGroup(airings: Airing[]): Group {
  const [first] = airings
  const counts = countOutcomes(airings)
  const sorted = [...airings].sort(
    (a, b) =>
      RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome) || a.station_name.localeCompare(b.station_name, 'vi'),
  )
  return {
    broadcast: first.broadcast, title: first.title, class: first.class, start: first.planned_start,
    airings: sorted, counts, tone: toneOf(counts),
  }
}
