// How often something plays, in words; a rule that is more than weekdays is only called one.
import type { When } from '../api/types'
import { weeklyDays } from '../pure/repeat'
import { m } from './index.svelte'

export function kindText(when: When): string {
  const days = weeklyDays(when)
  return days ? m().compose.weeklyOn(m().day.list(days)) : m().compose.kind[when.kind]
}
