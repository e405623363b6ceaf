// The tones of outcomes. Unknown is never green and never red: nobody has said anything yet.
import type { Outcome } from '../api/types'

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet' | 'open'

export const TONE: Record<Outcome, Tone> = {
  upcoming: 'open', playing: 'busy', played: 'good', partial: 'warn',
  missed: 'bad', cancelled: 'quiet', unknown: 'quiet', unreported: 'quiet',
}

/** The tone of a whole row: the worst that is known, then what is still open. */
export function toneOf(counts: Partial<Record<Outcome, number>>): Tone {
  const order: Outcome[] = ['missed', 'partial', 'playing', 'unknown', 'unreported', 'upcoming', 'played', 'cancelled']
  const worst = order.find((o) => (counts[o] ?? 0) > 0)
  return worst ? TONE[worst] : 'quiet'
}
