// Who is logged in, what they may do, and the unit they are looking at.
import { api, ApiError } from '../api'
import { listeners } from '../api/client'
import { forgetEarly, timesOf } from '../api/early'
import type { Area, Language, Me, Verb } from '../api/types'
import { currentLanguage, useLanguage } from '../messages/index.svelte'
import { learnServerTime } from './clock.svelte'
import { lastArea, rememberArea, rememberPerson } from './visit'

type Stage = 'asking' | 'unreachable' | 'setup' | 'login' | 'password' | 'totp' | 'in'

const RETRY_MS = 3_000
const DEFAULT_ZONE = 'Asia/Ho_Chi_Minh'

class Session {
  stage = $state<Stage>('asking')
  me = $state.raw<Me | null>(null)
  expired = $state(false)
  #area = $state<string | null>(null)

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
    await this.#tryAsking()
  }

  /* Until somebody answers; the page says meanwhile that nobody does. */
  async #tryAsking(): Promise<void> {
    try {
      await this.#ask()
    } catch {
      this.stage = 'unreachable'
      setTimeout(() => this.stage === 'unreachable' && void this.#tryAsking(), RETRY_MS)
    }
  }

  async #ask(): Promise<void> {
    const when = timesOf('/api/me')
    try {
      await this.enter(await api.me(), when)
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 401) throw error
      this.expired = false
      const { needed } = await api.setupNeeded().catch(() => ({ needed: false }))
      forgetEarly()
      this.stage = needed ? 'setup' : 'login'
    }
  }

  async enter(me: Me, when: { sent: number; arrived?: number }): Promise<void> {
    this.me = me
    learnServerTime(me.server_time, when)
    this.#area = lastArea()
    rememberArea(this.areaId)
    rememberPerson(me.id)
    if (me.language !== currentLanguage()) await useLanguage(me.language)
    this.expired = false
    this.stage = me.password_change_needed ? 'password' : me.totp_needed ? 'totp' : 'in'
  }

  async refresh(): Promise<void> {
    this.me = await api.me()
  }

  async setLanguage(language: Language): Promise<void> {
    await useLanguage(language)
    if (this.stage === 'in') this.me = await api.setLanguage(language)
  }

  async logOut(): Promise<void> {
    await api.logOut()
    this.me = null
    this.stage = 'login'
  }

  lost(): void {
    if (this.stage !== 'in') return
    this.expired = true
    this.stage = 'login'
  }
}

export const session = new Session()
listeners.unauthorized = () => session.lost()
