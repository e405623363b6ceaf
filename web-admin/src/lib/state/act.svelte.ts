// An act of a person: one at a time, what went wrong, and its Idempotency-Key. The key is kept while an answer is lost, so
// that trying again does nothing twice, and made anew after every answer. One act may ask several addresses with it: a key
// counts for each by itself. What may silence something else is Confirming, inside of run where a form has both.
import { asProblem, newKey } from '../api'
import { noLine } from '../api/client'
import type { Language, Problem } from '../api/types'
import { currentLanguage, m } from '../messages/index.svelte'

export class Act {
  busy = $state(false)
  #said = $state.raw<{ problem: Problem; in: Language } | null>(null)
  #key = newKey()

  /** Said in the language in which the act was done. In another one, chosen since, only that it failed is known. */
  get problem(): Problem | null {
    const said = this.#said
    if (!said || said.in === currentLanguage()) return said?.problem ?? null
    const { type, status } = said.problem
    return status === 0 ? noLine() : { type, status, title: m().error.refusedBefore, detail: m().error.refusedBeforeWhat }
  }
  set problem(problem: Problem | null) {
    this.#said = problem && { problem, in: currentLanguage() }
  }

  /** True where all of it was done; false where it was not, or another is still under way. */
  async run(call: (key: string) => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.problem = null
    try {
      await call(this.#key)
      this.#key = newKey()
      return true
    } catch (error) {
      const problem = asProblem(error)
      this.problem = problem
      if (problem.status > 0) this.#key = newKey()
      return false
    } finally {
      this.busy = false
    }
  }

  /** It is seen to be done although its answer was lost: what comes next is another act. */
  settle(): void {
    this.problem = null
    this.#key = newKey()
  }
}
