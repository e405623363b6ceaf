// What failed since the last visit, what may be aired once more and the inbox come together with home, so that nothing
// moves down when they arrive. The first two look back and are not asked again when something changes. Home is worth
// showing without any of them.
import { api } from '../api'
import type { Again, Inbox, Since } from '../api/types'
import { visitBefore } from './visit'

export interface Beside {
  since: Since | null
  again: Again[]
  inbox: Inbox | null
}

export async function askBeside(area: string, person: string, before: Beside | null): Promise<Beside> {
  const inbox = api.inbox().catch(() => before?.inbox ?? null)
  if (before) return { ...before, inbox: await inbox }
  const [since, again] = await Promise.all([api.since(area, visitBefore(person)).catch(() => null), api.again(area).catch(() => [])])
  return { since, again, inbox: await inbox }
}
