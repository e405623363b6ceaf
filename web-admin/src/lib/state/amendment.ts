// The next version of what is approved, with the same sound: changed, sent for approval and, where this person may,
// approved. Each step that succeeded is remembered: trying again goes on.
import { api, asProblem, newKey } from '../api'
import type { Bulletin } from '../api/types'

type Change = Parameters<typeof api.changeBulletin>[1]
const fresh = () => ({ change: newKey(), submit: newKey(), approve: newKey() })

export class Amendment {
  #keys = fresh()
  #asked = ''
  #made: Bulletin | null = null
  constructor(readonly bulletin: string) {}

  get begun(): boolean {
    return this.#made !== null
  }
  async send(change: Change): Promise<Bulletin> {
    try {
      let now = await this.#change(change)
      if (now.state === 'draft') now = this.#made = await api.submit(this.bulletin, this.#keys.submit)
      /* the sound is the one that was heard when it was approved */
      if (now.approval?.may_approve && now.airs?.same_sound) now = await api.approve(this.bulletin, this.#keys.approve)
      return now
    } catch (error) {
      if (asProblem(error).status > 0) this.#keys = fresh()
      throw error
    }
  }
  async #change(change: Change): Promise<Bulletin> {
    const body = JSON.stringify(change)
    if (this.#made && this.#asked === body) return this.#made
    if (this.#asked !== body) [this.#asked, this.#keys] = [body, fresh()]
    return (this.#made = await api.changeBulletin(this.bulletin, change, this.#keys.change))
  }
}
