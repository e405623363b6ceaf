// A programme's items as they are edited: what is known of their length, and the same bulletin in other languages.
import type { Bulletin, ProgrammeItem } from '../api/types'
import { plain } from './text'

/** What is known is summed; a tune or relay without a length is counted, not guessed. */
export function lengthOf(items: ProgrammeItem[]): { ms: number; unknown: number } {
  return items.reduce((sum, item) => (item.duration_ms ? { ...sum, ms: sum.ms + item.duration_ms } : { ...sum, unknown: sum.unknown + 1 }), { ms: 0, unknown: 0 })
}

/** Tunes alone never air. */
export const airs = (items: ProgrammeItem[]): boolean => items.some((item) => item.kind !== 'tune')

export function itemOf(bulletin: Bulletin): ProgrammeItem {
  const { id, title, language, state, duration_ms } = bulletin
  return { kind: bulletin.relay ? 'relay' : 'bulletin', bulletin: id, gain_db: 0, title, language, state, duration_ms }
}

/** Bulletins with the title of an item in another language that are not in the list yet. */
export function inOtherLanguages(item: ProgrammeItem | undefined, items: ProgrammeItem[], all: Bulletin[]): Bulletin[] {
  if (!item?.title || item.kind !== 'bulletin') return []
  const title = plain(item.title).trim()
  return all.filter((b) => !b.relay && b.state !== 'withdrawn' && b.language !== item.language && plain(b.title).startsWith(title) && !items.some((i) => i.bulletin === b.id))
}

/** The items of a template: one of them is chosen anew at each use, or stands at the end where there is none. */
export function withSlot(items: ProgrammeItem[], slot: number): ProgrammeItem[] {
  const bare = items.map(({ kind, bulletin, gain_db }, n) => ({ kind, gain_db, bulletin: n === slot ? null : bulletin }))
  return slot >= 0 ? bare : [...bare, { kind: 'bulletin', bulletin: null, gain_db: 0 }]
}
