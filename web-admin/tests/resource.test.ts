import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Resource as Of } from '../src/lib/state/resource.svelte'
import type { Page } from '../src/lib/api/types'

let Resource: typeof Of
let pages: typeof import('../src/lib/state/pages.svelte').pages
beforeAll(async () => {
  vi.stubGlobal('navigator', { onLine: true })
  Resource = (await import('../src/lib/state/resource.svelte')).Resource
  pages = (await import('../src/lib/state/pages.svelte')).pages
})
afterEach(() => void vi.useRealTimers())

/** An answer that comes when the test says so. */
function answers<T>() {
  const open: { give: (value: T) => void; fail: () => void }[] = []
  return { open, ask: () => new Promise<T>((give, fail) => open.push({ give, fail: () => fail(new Error('no line')) })) }
}

describe('an answer and its question', () => {
  it('of another day is taken away where the new one is late', async () => {
    vi.useFakeTimers()
    let day = 'monday'
    const { open, ask } = answers<string>()
    const agenda = new Resource(ask, () => day)
    void agenda.reload()
    open[0]!.give('what sounds on Monday')
    await vi.advanceTimersByTimeAsync(1)
    day = 'tuesday'
    void agenda.reload()
    await vi.advanceTimersByTimeAsync(300)
    expect(agenda.data).toBe('what sounds on Monday') /* no flicker */
    await vi.advanceTimersByTimeAsync(300)
    expect(agenda.data).toBeUndefined()
    open[1]!.give('what sounds on Tuesday')
    await vi.advanceTimersByTimeAsync(1)
    expect(agenda.data).toBe('what sounds on Tuesday')
  })
  it('of another day does not stand in for one that failed; of the same day it does', async () => {
    let day = 'monday'
    const { open, ask } = answers<string>()
    const agenda = new Resource(ask, () => day)
    const load = async (end: 'give' | 'fail') => {
      const done = agenda.reload()
      open[open.length - 1]![end](day)
      await done
    }
    await load('give')
    await load('fail')
    expect([agenda.data, agenda.problem?.status]).toEqual(['monday', 0])
    day = 'tuesday'
    await load('fail')
    expect(agenda.data).toBeUndefined()
  })
  it('where nothing is said of a question, stays in sight while the next one is looked for', async () => {
    const { open, ask } = answers<string>()
    const found = new Resource(ask)
    for (const end of ['give', 'fail'] as const) {
      const done = found.reload()
      open[open.length - 1]![end]('rows')
      await done
    }
    expect(found.data).toBe('rows')
  })
  it('that comes after a later question is dropped', async () => {
    const { open, ask } = answers<string>()
    const found = new Resource(ask)
    const [first, second] = [found.reload(), found.reload()]
    open[1]!.give('new')
    open[0]!.give('old')
    await Promise.all([first, second])
    expect(found.data).toBe('new')
  })
})

describe('a list by pages', () => {
  const page = (ids: number[], next: string | null): Page<{ id: string }> => ({ items: ids.map((n) => ({ id: String(n) })), next })
  const ids = (of: { data?: { items: { id: string }[] } }) => of.data?.items.map(({ id }) => Number(id))
  it('shows a row once that moved to the next page meanwhile', async () => {
    const list = pages(async ({ after }) => (after ? page([3, 2, 4], null) : page([1, 2, 3], 'next')), 3, [])
    await list.of.reload()
    await list.more()
    expect(ids(list.of)).toEqual([1, 2, 3, 4])
  })
  it('keeps what was asked for beyond the first page when something changes', async () => {
    const list = pages(async ({ limit, after }) => page(Array.from({ length: limit }, (_, n) => n + Number(after ?? 0)), String(limit + Number(after ?? 0))), 50, [])
    await list.of.reload()
    const asking = list.more()
    await list.of.reload() /* a station spoke in between */
    await asking
    expect(list.of.data?.items.length).toBe(100)
    await list.of.reload()
    expect(list.of.data?.items.length).toBe(100)
  })
})
