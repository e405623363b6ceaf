// One occurrence that was taken out of its series plays after all.
import { api } from '../api'
import type { Occurrence } from '../pure/week'

export const restore = ({ broadcast, recurrence }: Occurrence, word: { confirm?: string }, key: string) =>
  api.changeBroadcast(broadcast.id, { scope: 'this', recurrence_id: recurrence, cancelled: false, ...word }, key)
