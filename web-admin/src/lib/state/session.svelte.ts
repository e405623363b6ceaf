// Who is logged in, what they may do, and the unit they are looking at.
import { api, ApiError, newKey } from '../api'
import { listeners } from '../api/client'
import { forgetEarly, timesOf } from '../api/early'
import type { Area, Language, Me, Verb } from '../api/types'
import { currentLanguage, m, useLanguage } from '../messages/index.svelte'
import { clock, learnServerTime } from './clock.svelte'
import { dropDraft } from './draft'
import { forgetPerson, lastArea, lastPerson, lastWrites, rememberArea, rememberPerson, rememberWrites } from './visit'

type Stage = 'asking' | 'unreachable' | 'setup' | 'login' | 'password' | 'totp' | 'in'

const RETRY_MS = 3_000
const LATE_MS = 5_000 /* after the page was asked for; a slow line has answered by then */
const LEAST_MS = 1_000
const DEFAULT_ZONE = 'Asia/Ho_Chi_Minh'

class Session {
  stage = $state<Stage>('asking')
  me = $state.raw<Me | null>(null)
  expired = $state(false)
  /** False: nobody has answered since the page was opened; who was here last goes on with what lies on this device. */
  known = $state(true)
  #area = $state<string | null>(null)
  #remembered = false /* as the one who is here, on this device */

  get area(): Area | null {
    const areas = this.me?.areas ?? []
    const first = this.me?.grants[0]?.area
    return areas.find((a) => a.id === this.#area) ?? areas.find((a) => a.id === first) ?? areas[0] ?? null
  }
  get areaId(): string {
    return this.area?.id ?? ''
  }
  get zone(): string {
    return this.area?.zone || DEFAULT_ZONE
  }
  /** Looking at the whole organisation: the unit with nothing above it. */
  get top(): boolean {
    return this.me?.areas.some((a) => a.id === this.me?.grants[0]?.area && a.parent === null) ?? false
  }
  may(verb: Verb): boolean {
    return this.me?.may.includes(verb) ?? false
  }
  get mayApproveOwn(): boolean {
    return this.may('approve_content') && (this.area?.one_person_approves ?? false)
  }

  chooseArea(id: string): void {
    this.#area = id
    rememberArea(id)
  }

  async start(): Promise<void> {
    this.stage = 'asking'
    const late = setTimeout(() => this.stage === 'asking' && this.#standIn(), Math.max(LEAST_MS, LATE_MS - performance.now()))
    await this.#tryAsking()
    clearTimeout(late)
  }

  /* Until somebody answers; the page says meanwhile that nobody does. */
  async #tryAsking(): Promise<void> {
    try {
      await this.#ask()
    } catch {
      if (!this.#standIn()) this.stage = 'unreachable'
      setTimeout(() => (this.stage === 'unreachable' || !this.known) && void this.#tryAsking(), RETRY_MS)
    }
  }

  /* Nothing of the server is kept on the device but who was here, which unit they looked at and whether they write. */
  #standIn(): boolean {
    const [id, area] = [lastPerson(), lastArea()]
    if (!id || !area) return false
    if (this.stage === 'in' && !this.known) return true
    this.me = {
      id, name: '', login: '', phone: null, language: currentLanguage(), grants: [], may: lastWrites() ? ['create_content'] : [],
      areas: [{ id: area, parent: null, name: m().state.unknown, kind: '', zone: DEFAULT_ZONE, one_person_approves: false }],
      totp: false, totp_needed: false, recovery_codes_left: 0, password_change_needed: false, server_time: '',
    }
    this.#area = area
    this.#remembered = true
    this.known = false
    this.stage = 'in'
    return true
  }

  async #ask(): Promise<void> {
    const when = timesOf('/api/me')
    const before = lastPerson()
    try {
      const me = await api.me()
      if (before && !lastPerson()) return await this.#ask() /* they logged out in another tab meanwhile */
      await this.enter(me, when)
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 401) throw error
      this.expired = !this.known
      const { needed } = await api.setupNeeded().catch(() => ({ needed: false }))
      forgetEarly()
      this.known = true
      this.stage = needed ? 'setup' : 'login'
    }
  }

  async enter(me: Me, when: { sent: number; arrived?: number }): Promise<void> {
    this.me = me
    learnServerTime(me.server_time, when)
    this.#area = lastArea()
    rememberArea(this.areaId)
    rememberPerson(me.id)
    this.#remembered = lastPerson() === me.id
    rememberWrites(me.may.includes('create_content'))
    if (me.language !== currentLanguage()) await useLanguage(me.language)
    this.expired = false
    this.known = true
    this.stage = me.password_change_needed ? 'password' : me.totp_needed ? 'totp' : 'in'
  }

  async refresh(): Promise<void> {
    const sent = Date.now()
    const me = await api.me()
    learnServerTime(me.server_time, { sent })
    this.me = me
  }

  async setLanguage(language: Language): Promise<void> {
    await useLanguage(language)
    if (this.stage === 'in') this.me = await api.changeMe({ language }, newKey())
  }

  async logOut(): Promise<void> {
    const person = this.me?.id ?? ''
    await api.logOut().catch((error) => {
      if (!(error instanceof ApiError) || error.problem.status !== 401) throw error /* ended from elsewhere: nothing is left to end */
    })
    this.#remembered = false
    forgetPerson()
    await dropDraft(person)
    this.me = null
    this.stage = 'login'
  }

  /** In another tab they left, or somebody else came: nothing of theirs stays here, on the screen or in memory (what is
   *  recorded and sent just now included). */
  async lookWhoIsHere(): Promise<void> {
    const person = this.me?.id
    if (!person || !this.#remembered || lastPerson() === person) return
    this.#remembered = false
    if (!lastPerson()) {
      forgetPerson() /* what this tab has written since */
      await dropDraft(person)
    }
    location.reload()
  }

  lost(): void {
    if (this.stage !== 'in' || !this.known) return /* who is not known yet is still being asked for */
    this.expired = true
    this.stage = 'login'
  }
}

export const session = new Session()
listeners.unauthorized = () => session.lost()
clock.jumped = () => session.stage === 'in' && session.known && void session.refresh().catch(() => {})
const look = () => void session.lookWhoIsHere()
window.addEventListener('storage', look)
window.addEventListener('pageshow', look) /* whoever stood still meanwhile was not told */
document.addEventListener('visibilitychange', look)
