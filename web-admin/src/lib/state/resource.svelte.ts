// Data of a screen: loaded, loaded again when its inputs change, after an act of this person, and (calmly)
// when its topics change; kept on screen while the network is away (the old answer with the reason beside
// it beats an empty page).
import { asProblem } from '../api'
import { OFFLINE } from '../api/client'
import type { Problem, Topic } from '../api/types'
import { untrack } from 'svelte'
import { CALM_LEAST_MS, calmDelay } from '../pure/calm'
import { offline, urgency, version } from './live.svelte'

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined)
  problem = $state.raw<Problem | null>(null)
  loading = $state(true)
  #turn = 0
  #asked = -Infinity
  #took = 0
  #waiting: ReturnType<typeof setTimeout> | undefined
  #load: () => Promise<T>

  constructor(load: () => Promise<T>) {
    this.#load = load
  }

  async reload(): Promise<void> {
    const turn = ++this.#turn
    clearTimeout(this.#waiting)
    this.#waiting = undefined
    this.#asked = Date.now()
    this.loading = true
    try {
      const data = await this.#load()
      if (turn !== this.#turn) return
      this.data = data
      this.problem = null
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error)
    } finally {
      if (turn === this.#turn) {
        this.loading = false
        this.#took = Date.now() - this.#asked
      }
    }
  }

  /** Somebody else changed something: soon, but one question at a time. */
  reloadCalmly(): void {
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined
      if (this.loading) this.reloadCalmly()
      else void this.reload()
    }, this.loading ? CALM_LEAST_MS : calmDelay(Date.now(), this.#asked, this.#took))
  }

  stop(): void {
    clearTimeout(this.#waiting)
    this.#turn++
  }
}

/** Call while a component is made: what failed for want of a line is asked again when it is back. */
export function againWhenBack(problem: () => Problem | null, again: () => void): void {
  $effect(() => {
    if (!offline() && problem()?.type === OFFLINE) untrack(again)
  })
}

/** Call while a component is made. `inputs` is read for its dependencies only. */
export function resource<T>(load: () => Promise<T>, topics: readonly Topic[], inputs: () => unknown = () => null) {
  const self = new Resource(load)
  $effect(() => {
    urgency(topics)
    inputs()
    void self.reload()
  })
  let seen = untrack(() => version(topics))
  $effect(() => {
    const now = version(topics)
    if (now !== seen) self.reloadCalmly()
    seen = now
  })
  againWhenBack(() => self.problem, () => void self.reload())
  $effect(() => () => self.stop())
  return self
}
