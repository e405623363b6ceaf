// What failed since the last visit and what may be aired once more come together with home, so that nothing moves down
// when they arrive, and are not asked again when something changes: both look back. Home is worth showing without either.
import { api } from '../api'
import type { Again, Since } from '../api/types'
import { visitBefore } from './visit'

export interface Beside {
  since: Since | null
  again: Again[]
}

export async function askBeside(area: string, person: string): Promise<Beside> {
  const [since, again] = await Promise.all([
    api.since(area, visitBefore(person)).catch(() => null), api.again(area).catch(() => []),
  ])
  return { since, again }
}
