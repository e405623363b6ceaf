// A problem's errors[] next to the field they speak of; what names no field of this form stays on top.
import type { Problem } from '../api/types'

export interface Placed {
  fields: Record<string, string>
  rest: string[]
}

/** "/when/at" belongs to "when/at", else to "when". `whole`: kinds of problem that speak of one field without pointing at it. */
export function placeErrors(problem: Problem | null, names: string[], whole: Record<string, string> = {}): Placed {
  const placed: Placed = { fields: {}, rest: [] }
  const about = whole[problem?.type.split('/').pop() ?? '']
  if (about && problem) placed.fields[about] = problem.detail
  for (const { pointer, detail } of problem?.errors ?? []) {
    const name = fieldOf(pointer, names)
    if (!name) placed.rest.push(detail)
    else placed.fields[name] = placed.fields[name] ? `${placed.fields[name]} ${detail}` : detail
  }
  return placed
}

function fieldOf(pointer: string, names: string[]): string | undefined {
  const steps = pointer.replace(/^#?\//, '').split('/')
  for (let n = steps.length; n > 0; n--) {
    const path = steps.slice(0, n).join('/')
    if (names.includes(path)) return path
  }
  return undefined
}
