// Sending is up to five requests (title, submit, approve, programme, broadcast). Each has a key made once, and
// each that succeeded is remembered, so that "try again" after a lost answer goes on instead of
// ordering a second broadcast; kept with the draft, also where the page was loaded again in between.
import { api, ApiError, newKey } from '../api'
import type { Broadcast, BroadcastOrder, Bulletin, ProgrammeItem } from '../api/types'
import { sameValidity, type Validity } from '../pure/validity'
import { Confirming, type Same } from './confirming.svelte'

export interface Wish {
  title: string
  approve: boolean
  language: string
  /** Bulletins that stand in at a station which cannot play this one. */
  fallback: string[]
  validity: Validity
  terms: Omit<BroadcastOrder, 'bulletin' | 'programme'>
  /** Around the bulletin, which stands where an item has none; null: the bulletin alone. */
  items: ProgrammeItem[] | null
}

export interface Keys {
  of: string /* the version of the bulletin */
  title: string
  submit: string
  approve: string
  programme: string
  order: Same
}

export class Order {
  readonly keys: Keys
  readonly confirming: Confirming
  #bulletin: Bulletin
  #programme: { id: string; of: string } | null = null

  constructor(bulletin: Bulletin, kept: Keys | null, keep: () => Promise<unknown>) {
    this.#bulletin = bulletin
    this.keys = kept?.of === bulletin.version ? kept : { of: bulletin.version, title: newKey(), submit: newKey(), approve: newKey(), programme: newKey(), order: { key: newKey() } }
    this.confirming = new Confirming(this.keys.order, keep)
  }

  /* Refused (the right was taken away meanwhile): the broadcast is still made and waits for somebody else. */
  async #approve(): Promise<void> {
    try {
      this.#bulletin = await api.approve(this.#bulletin.id, this.keys.approve)
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 403) throw error
    }
  }

  /* Made once for the same items, however often sending is tried. */
  async #makeProgramme(wish: Wish, open: ProgrammeItem[]): Promise<string> {
    const items = open.map(({ kind, bulletin, gain_db }) => ({ kind, gain_db, bulletin: kind === 'bulletin' ? (bulletin ?? this.#bulletin.id) : bulletin }))
    const { area } = wish.terms
    const of = JSON.stringify([area, wish.title, items])
    if (this.#programme?.of !== of) {
      const made = await api.addProgramme({ area, title: wish.title, items }, this.keys.programme)
      this.keys.programme = newKey()
      this.#programme = { id: made.id, of }
    }
    return this.#programme.id
  }

  /** Null where the person looked at what would fall silent and kept things as they are. */
  async send(wish: Wish): Promise<Broadcast | null> {
    const { title, language, fallback, validity } = wish
    const valid = sameValidity(this.#bulletin, validity)
    const same = JSON.stringify(this.#bulletin.fallback.map((one) => one.bulletin)) === JSON.stringify(fallback)
    if (this.#bulletin.title !== title || this.#bulletin.language !== language || !same || !valid) {
      this.#bulletin = await api.changeBulletin(this.#bulletin.id, { title, language, ...(!same && { fallback }), ...(!valid && validity) }, this.keys.title)
      this.keys.title = newKey()
    }
    const { id } = this.#bulletin
    if (this.#bulletin.state === 'draft')
      this.#bulletin = await api.submit(id, this.keys.submit)
    if (wish.approve && this.#bulletin.state === 'submitted') await this.#approve()
    const body = { ...(wish.items ? { programme: await this.#makeProgramme(wish, wish.items) } : { bulletin: id }), ...wish.terms }
    return this.confirming.send((word, key) => api.addBroadcast({ ...body, ...word }, key))
  }
}
