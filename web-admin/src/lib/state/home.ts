// The home screen's data is asked for together with "who am I", for the unit and the person seen last time: on a slow
// network that saves half a second of looking at nothing. Used once, and only for that unit.
//
// What failed since the last visit, what may be aired once more and the inbox come with it, so that nothing moves down
// when they arrive. The first two look back and are not asked again when something changes.
import { api } from '../api'
import type { Again, Home, Inbox, Since } from '../api/types'
import { lastPerson, visitBefore } from './visit'

export interface Beside {
  since: Since | null
  again: Again[]
  inbox: Inbox | null
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

/* Home is worth showing without any of them. */
async function askBeside(area: string, person: string | null): Promise<Beside> {
  const [since, again, inbox] = await Promise.all([
    api.since(area, person && visitBefore(person)).catch(() => null), api.again(area).catch(() => []), api.inbox().catch(() => null),
  ])
  return { since, again, inbox }
}

const askInbox = async (beside: Beside): Promise<Beside> => ({ ...beside, inbox: await api.inbox().catch(() => beside.inbox) })

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
    beside ? askInbox(beside) : (before?.person === person ? before.beside : askBeside(area, person)),
  ])
  return { ...asked, beside: looked }
}
