// Who goes first among what has one rank and one time. The controller keeps a list for a day, or for every day;
// a list of a day replaces that of every day, so a new one begins with what held before.
import type { Check, Precedence, Priority, StationAgenda } from '../api/types'

/** What holds on a day (null: on every day): its own list, else that of every day. */
export function orderOf(days: Precedence['days'], date: string | null): string[] {
  const list = days.find((day) => day.date === date) ?? days.find((day) => day.date === null)
  return list ? list.broadcasts.map((one) => one.id) : []
}

/** The list with `first` before `second`; what else is in it keeps its place. */
export function putBefore(list: string[], first: string, second: string): string[] {
  const at = list.indexOf(second)
  const rest = list.filter((id) => id !== first)
  if (at < 0) return [...rest, first, second]
  const place = rest.indexOf(second)
  return [...rest.slice(0, place), first, ...rest.slice(place)]
}

/** Broadcasts of one day in the order that the list gives; those it does not name come after, as they were. */
export function sorted(ids: string[], list: string[]): string[] {
  const place = (id: string) => (list.includes(id) ? list.indexOf(id) : list.length)
  return ids.map((id, n) => [id, n] as const).sort((a, b) => place(a[0]) - place(b[0]) || a[1] - b[1]).map(([id]) => id)
}

/** One place up or down. */
export function shifted<T>(list: T[], from: number, to: number): T[] {
  if (to < 0 || to >= list.length || from === to) return list
  const next = [...list]
  next.splice(to, 0, ...next.splice(from, 1))
  return next
}

/* `why.code` of what only waits for an equal: only then the commune's order decides. */
const TURN = ['moved', 'turn']
const WAITS = [...TURN, 'max_move', 'move_validity', 'move_hours']

export interface Rival {
  id: string
  title: string
  class: Priority
}

/**
 * What waits for an equal, and what it waits for, as a station's forecast has it, in the order in which they sound.
 * With `about`, only those that meet it, directly or over others.
 */
export function contest(agenda: Pick<StationAgenda, 'sounds' | 'silent'>, about?: string): Rival[] {
  const waiting = [...agenda.sounds, ...agenda.silent].filter((piece) => piece.why?.by && WAITS.includes(piece.why.code) && piece.why.by.broadcast !== piece.broadcast)
  const pairs = waiting.map((piece) => [piece.broadcast, piece.why!.by!.broadcast])
  let met = new Set(about === undefined ? pairs.flat() : [about])
  for (let size = -1; size !== met.size; ) {
    size = met.size
    met = new Set([...met, ...pairs.filter((pair) => pair.some((id) => met.has(id))).flat()])
  }
  if (met.size < 2) return []
  const order = [...agenda.sounds].sort((a, b) => Date.parse(a.from) - Date.parse(b.from)).map((piece) => piece.broadcast)
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length)
  const piece = (id: string) => [...agenda.sounds, ...agenda.silent].find((one) => one.broadcast === id)
  return [...met].sort((a, b) => place(a) - place(b)).map((id) => ({ id, title: piece(id)?.title ?? '', class: piece(id)?.class ?? 'normal' }))
}

/** The other one of equal rank that an order which is not saved yet meets; null where rank or level decides. */
export function equalRival(check: Check | null): { id: string; title: string } | null {
  for (const row of check?.others ?? []) if (row.broadcast && TURN.includes(row.why.code)) return { id: row.broadcast, title: row.title }
  for (const row of check?.own ?? []) if (row.why.by?.broadcast && TURN.includes(row.why.code)) return { id: row.why.by.broadcast, title: row.why.by.title }
  return null
}
