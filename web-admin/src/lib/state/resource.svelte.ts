// Data of a screen: loaded, loaded again when its inputs change, after an act of this person, and (calmly)
// when its topics change; kept on screen while the network is away (the old answer with the reason beside
// it beats an empty page).
import { asProblem } from '../api'
import { OFFLINE } from '../api/client'
import type { Problem, Topic } from '../api/types'
import { currentLanguage } from '../messages/index.svelte'
import { untrack } from 'svelte'
import { CALM_LEAST_MS, calmDelay } from '../pure/calm'
import { offline, urgency, version } from './live.svelte'

const PATIENCE_MS = 400 /* a shorter blank only flickers */

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined)
  problem = $state.raw<Problem | null>(null)
  loading = $state(true)
  #turn = 0
  #asked = -Infinity
  #took = 0
  #waiting: ReturnType<typeof setTimeout> | undefined
  #load: () => Promise<T>
  #question: () => unknown
  #of = '' /* the question that `data` answers */

  constructor(load: () => Promise<T>, question: () => unknown = () => null) {
    this.#load = load
    this.#question = question
  }

  async reload(): Promise<void> {
    const turn = ++this.#turn
    clearTimeout(this.#waiting)
    this.#waiting = undefined
    this.#asked = Date.now()
    this.loading = true
    const question = JSON.stringify(untrack(this.#question))
    const other = question !== this.#of
    const forget = () => other && turn === this.#turn && (this.data = undefined)
    const late = setTimeout(forget, PATIENCE_MS)
    try {
      const data = await this.#load()
      if (turn !== this.#turn) return
      this.data = data
      this.#of = question
      this.problem = null
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error)
      forget()
    } finally {
      clearTimeout(late)
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

/** Call while a component is made. `inputs` is read for its dependencies only. Where `question` changes (another day, another
 *  month) the old answer is none any more: it goes as soon as the new one is late or does not come. */
export function resource<T>(load: () => Promise<T>, topics: readonly Topic[], inputs: () => unknown = () => null, question?: () => unknown) {
  const self = new Resource(load, question)
  $effect(() => {
    urgency(topics)
    currentLanguage() /* some of it are sentences of the controller */
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
