// Data of a screen: loaded, loaded again when its topics change or its inputs change, and kept on
// screen while the network is away (the old answer with the reason beside it beats an empty page).
import { asProblem } from '../api'
import type { Problem, Topic } from '../api/types'
import { version } from './live.svelte'

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined)
  problem = $state.raw<Problem | null>(null)
  loading = $state(true)
  #turn = 0
  #load: () => Promise<T>

  constructor(load: () => Promise<T>) {
    this.#load = load
  }

  async reload(): Promise<void> {
    const turn = ++this.#turn
    this.loading = true
    try {
      const data = await this.#load()
      if (turn !== this.#turn) return
      this.data = data
      this.problem = null
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error)
    } finally {
      if (turn === this.#turn) this.loading = false
    }
  }
}

/** Call while a component is made. `inputs` is read for its dependencies only. */
export function resource<T>(load: () => Promise<T>, topics: readonly Topic[], inputs: () => unknown = () => null) {
  const self = new Resource(load)
  $effect(() => {
    version(topics)
    inputs()
    void self.reload()
  })
  return self
}
