// A list that is shown page by page, as somebody asks for more. Loading it again (somebody changed something) brings
// as many rows as are on the screen, so that nothing jumps; another question starts with one page.
import { asProblem } from '../api'
import type { Page, Topic } from '../api/types'
import { untrack } from 'svelte'
import { resource } from './resource.svelte'

const MOST = 200 /* the most that the controller gives at once */
/* Between two pages a row may have moved from one to the other; it is shown once. */
function joined<T extends { id: string }>(rows: T[], page: T[]): T[] {
  const there = new Set(rows.map(({ id }) => id))
  return [...rows, ...page.filter(({ id }) => !there.has(id))]
}
type Ask<T> = (page: { limit: number; after: string | null }) => Promise<Page<T>>
export interface Rows<T> {
  /** The question that these answer. */
  of: string
  items: T[]
  next: string | null
  /** How many there are in all; null where nobody counted. */
  total: number | null
}

/** Call while a component is made. `inputs` makes the question: where it changes, the list starts anew. What was shown
 *  stays in sight until the answer is there, unless it is `strict`: then the old rows would be taken for the new ones. */
export function pages<T extends { id: string }>(ask: Ask<T>, size: number, topics: readonly Topic[], inputs: () => unknown = () => null, strict = false) {
  let shown = size
  let asked = ''
  let adding = $state(false)

  async function load(): Promise<Rows<T>> {
    const question = JSON.stringify(untrack(inputs))
    if (question !== asked) shown = size
    asked = question
    const rows: Rows<T> = { of: question, items: [], next: null, total: null }
    do {
      const page = await ask({ limit: Math.min(MOST, shown - rows.items.length), after: rows.next })
      rows.items = joined(rows.items, page.items)
      rows.next = page.next ?? null
      rows.total = page.total ?? null
    } while (rows.next && rows.items.length < shown)
    return rows
  }
  const of = resource(load, topics, inputs, strict ? inputs : undefined)

  return {
    of,
    get adding() {
      return adding
    },
    async more(): Promise<void> {
      const before = of.data
      if (!before?.next || adding) return
      adding = true
      shown = before.items.length + size
      try {
        const page = await ask({ limit: size, after: before.next })
        if (of.data === before) of.data = { of: before.of, items: joined(before.items, page.items), next: page.next ?? null, total: page.total ?? null }
        else await of.reload()
      } catch (error) {
        of.problem = asProblem(error)
      } finally {
        adding = false
      }
    },
  }
}
