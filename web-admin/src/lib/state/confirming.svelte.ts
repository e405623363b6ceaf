// An order that would silence something, of others or of itself, is refused once with the list of what falls silent;
// saved it is when sent again with the word that came with that list. A key belongs to one order: kept while an
// answer is lost, so that trying again does nothing twice, and made anew after every answer.
import { ApiError, newKey } from '../api'
import type { Losses } from '../api/types'

/** Taking back can silence something as well. */
export type Undo = (confirming: Confirming) => Promise<unknown>
export type Decision = 'save' | 'keep'

/** What makes a repeat the same order: kept with a draft, it outlives the page. */
export interface Same {
  key: string
  word?: string
}

export class Confirming {
  /** What is being asked about; the dialog shows it. */
  asked = $state.raw<Losses | null>(null)
  #answer: ((decision: Decision) => void) | null = null
  readonly #same: Same
  readonly #changed: () => Promise<unknown>
  #focused: HTMLElement | null = null

  constructor(same: Same = { key: newKey() }, changed: () => Promise<unknown> = async () => {}) {
    this.#same = same
    this.#changed = changed
  }

  /** Gives null where the person kept things as they are. */
  async send<T>(call: (word: { confirm?: string }, key: string) => Promise<T>): Promise<T | null> {
    this.#focused = document.activeElement as HTMLElement | null
    for (;;) {
      try {
        const done = await call(this.#same.word ? { confirm: this.#same.word } : {}, this.#same.key)
        this.#renew()
        return done
      } catch (error) {
        if (!(error instanceof ApiError) || error.offline) throw error
        this.#renew()
        if (error.kind !== 'clash-unconfirmed') throw error
        const losses = error.problem as unknown as Losses
        if ((await this.#ask(losses)) === 'keep') return null
        this.#same.word = losses.confirm
        await this.#changed()
      }
    }
  }

  answer(decision: Decision): void {
    this.asked = null
    this.#answer?.(decision)
    this.#answer = null
  }

  /** Back to the button that sent; it may have been disabled while the question was open. */
  focusBack(): void {
    const back = this.#focused
    setTimeout(() => back?.isConnected && back.focus(), 0)
  }

  #ask(losses: Losses): Promise<Decision> {
    this.asked = losses
    return new Promise((resolve) => (this.#answer = resolve))
  }
  #renew(): void {
    this.#same.key = newKey()
    this.#same.word = undefined
  }
}
