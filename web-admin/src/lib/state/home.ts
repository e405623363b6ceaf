// The home screen's data is asked for together with "who am I", for the unit and the person seen last time: on a slow
// network that saves half a second of looking at nothing. Used once, and only for that unit.
//
// What failed since the last visit and what may be aired once more come with it, so that nothing moves down when they
// arrive, and are not asked again when something changes: both look back.
import { api } from '../api'
import type { Again, Home, Since } from '../api/types'
import { lastPerson, visitBefore } from './visit'

export interface Beside {
  since: Since | null
  again: Again[]
}
interface Asked {
  home: Home
  sent: number
}

let early: { area: string; person: string | null; asked: Promise<Asked>; beside: Promise<Beside> } | null = null

async function ask(area: string): Promise<Asked> {
  const sent = Date.now()
  return { home: await api.home(area), sent }
}

/* Home is worth showing without either. */
async function askBeside(area: string, person: string | null): Promise<Beside> {
  const [since, again] = await Promise.all([
    api.since(area, person && visitBefore(person)).catch(() => null), api.again(area).catch(() => []),
  ])
  return { since, again }
}

export function askHomeEarly(area: string | null): void {
  if (!area || location.hash.length > 2) return
  const person = lastPerson()
  early = { area, person, asked: ask(area), beside: askBeside(area, person) }
  early.asked.catch(() => {}) /* asked again by whoever needs it */
}

export async function loadHome(area: string, person: string, beside: Beside | null): Promise<Asked & { beside: Beside }> {
  const before = early?.area === area ? early : null
  early = null
  const [asked, looked] = await Promise.all([
    before ? before.asked.catch(() => ask(area)) : ask(area),
    beside ?? (before?.person === person ? before.beside : askBeside(area, person)),
  ])
  return { ...asked, beside: looked }
}
