// What waits for a word of the person, and what came back to them: one list of the controller in two halves.
import type { Bulletin, Inbox, InboxRow } from '../api/types'

/** Kinds that tell their author something, in the order in which they are shown. */
export const TOLD = ['sent_back', 'returned', 'displaced'] as const
/** Kinds that wait for an approval. */
export const ASKED = ['approval', 'wider'] as const

export interface Notice {
  kind: (typeof TOLD)[number]
  row: InboxRow
  reason: string
}

export const ofKind = (inbox: Inbox | null | undefined, kind: string): InboxRow[] => inbox?.kinds.find((one) => one.kind === kind)?.items ?? []

/** The controller looked no further: there is, or may be, more of one of these kinds. */
export const isCut = (inbox: Inbox | null | undefined, kinds: readonly string[]): boolean => inbox?.kinds.some((one) => one.more && kinds.includes(one.kind)) ?? false

/** Newest first. */
export function noticesOf(inbox: Inbox | null | undefined): Notice[] {
  return TOLD.flatMap((kind) => ofKind(inbox, kind).map((row) => ({ kind, row, reason: reasonOf(kind, row.object) }))).sort((a, b) => Date.parse(b.row.since) - Date.parse(a.row.since))
}

/** An order of somebody else in whose favour something of this person falls silent. */
export interface Displaced {
  broadcast: string
  displaced_by: string
  displaced_by_title: string
  outcome: 'missed' | 'partial'
  starts: number
  stations: number
  first: string
  why_vi: string
  why_en: string
}

export const displacedOf = (notice: Notice): Displaced => notice.row.object as Displaced

function reasonOf(kind: Notice['kind'], object: unknown): string {
  if (kind === 'displaced') return ''

  if (kind === 'sent_back') return (object as Bulletin).reject_reason ?? ''
  return (object as { reason: string | null }).reason ?? ''
}

/** How many wait to be approved, in places that the person sees. */
export function toApprove(inbox: Inbox | null | undefined, areas: readonly { id: string }[]): number {
  const inside = new Set(areas.map((area) => area.id))
  return ASKED.flatMap((kind) => ofKind(inbox, kind)).filter((row) => inside.has(row.area)).length
}
