// Sending is up to four requests (title, submit, approve, broadcast). Each has a key made once, and
// each that succeeded is remembered, so that "try again" after a lost answer goes on instead of
// ordering a second broadcast.
import { api, ApiError, newKey } from '../api'
import type { Broadcast, Bulletin, Target, When } from '../api/types'

export interface Wish {
  title: string
  area: string
  targets: Target[]
  when: When
  priority: boolean
  approve: boolean
}

export class Order {
  readonly #keys = { title: newKey(), submit: newKey(), approve: newKey(), broadcast: newKey() }
  #bulletin: Bulletin

  constructor(bulletin: Bulletin) {
    this.#bulletin = bulletin
  }

  /* Refused (the right was taken away meanwhile): the broadcast is still made and waits for somebody else. */
  async #approve(): Promise<void> {
    try {
      this.#bulletin = await api.approve(this.#bulletin.id, this.#keys.approve)
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 403) throw error
    }
  }

  async send(wish: Wish): Promise<Broadcast> {
    if (this.#bulletin.title !== wish.title) {
      this.#bulletin = await api.changeBulletin(this.#bulletin.id, { title: wish.title }, this.#keys.title)
      this.#keys.title = newKey()
    }
    const { id } = this.#bulletin
    if (this.#bulletin.state === 'draft')
      this.#bulletin = await api.submit(id, this.#keys.submit)
    if (wish.approve && this.#bulletin.state === 'submitted') await this.#approve()
    const body = {
      bulletin: id, area: wish.area, targets: wish.targets, when: wish.when,
      class: wish.priority ? ('priority' as const) : ('normal' as const),
    }
    try {
      return await api.addBroadcast(body, this.#keys.broadcast)
    } catch (error) {
      /* refused and corrected is a new order; a lost answer is the same one */
      if (error instanceof ApiError && !error.offline) this.#keys.broadcast = newKey()
      throw error
    }
  }
}
