// The compose page's memory: sound -> upload -> bulletin (canonical sound) and the wish around it.
// The bulletin is made as soon as there is a title, so that the canonical sound is ready to be heard
// while the rest is still being filled in. Every step can fail and be tried again on its own.
import { api, asProblem, newKey } from '../api'
import { upload, type Upload } from '../api/upload'
import type { Bulletin, Problem, Target } from '../api/types'
import { addDays, atDay, dayKey, keyText, parseDate, parseTime } from '../pure/time'
import { serverNow } from './clock.svelte'
import { dropDraft, loadDraft, saveDraft, type Draft } from './draft'
import { session } from './session.svelte'

export type Sound = 'none' | 'uploading' | 'uploaded' | 'failed'

const POLL_MS = 1000

export class Compose {
  title = $state('')
  everywhere = $state(true)
  targets = $state<Target[]>([])
  kind = $state<'now' | 'once' | 'daily'>('once')
  date = $state(keyText(dayKey(serverNow(), session.zone)))
  time = $state('')
  priority = $state(false)

  audio = $state.raw<Blob | null>(null)
  audioName = $state('')
  audioMs = $state(0)
  sound = $state<Sound>('none')
  progress = $state(0)
  soundProblem = $state.raw<Problem | null>(null)
  bulletin = $state.raw<Bulletin | null>(null)
  listened = $state(false)
  restored = $state(false)

  #uploadId: string | null = null
  #upload: Upload | null = null
  #making: Promise<void> | null = null
  #key = newKey()
  #poll: ReturnType<typeof setTimeout> | undefined
  #person = session.me?.id ?? ''
  #closed = false

  get today(): string {
    return dayKey(serverNow(), session.zone)
  }
  get day(): string | null {
    return this.date.trim() === '' ? null : parseDate(this.date, this.today)
  }
  get start(): number | null {
    const time = parseTime(this.time)
    if (this.kind === 'now' || !time || !this.time.trim()) return null
    if (this.kind === 'once') return this.day ? atDay(this.day, time, session.zone) : null
    const first = atDay(this.today, time, session.zone)
    return first > serverNow() ? first : atDay(addDays(this.today, 1), time, session.zone)
  }
  get durationMs(): number {
    return this.bulletin?.duration_ms ?? this.audioMs
  }

  setSound(audio: Blob, name: string, ms: number): void {
    this.#upload?.abort()
    clearTimeout(this.#poll)
    Object.assign(this, { audio, audioName: name, audioMs: ms, bulletin: null, listened: false })
    this.#uploadId = null
    this.#key = newKey()
    void this.sendSound()
  }

  async sendSound(): Promise<void> {
    if (!this.audio) return
    this.sound = 'uploading'
    this.progress = 0
    this.soundProblem = null
    const job = upload(this.audio, this.audioName, (share) => (this.progress = share))
    this.#upload = job
    try {
      const id = await job.done
      if (this.#upload !== job) return
      this.#uploadId = id
      this.sound = 'uploaded'
      await this.makeBulletin()
    } catch (error) {
      if (this.#upload !== job) return
      this.sound = 'failed'
      this.soundProblem = asProblem(error)
    }
  }

  /** Does nothing until there is both a sound and a title; the second caller waits for the first. */
  makeBulletin(): Promise<void> {
    if (this.bulletin || !this.#uploadId || !this.title.trim()) return Promise.resolve()
    this.#making ??= this.#make(this.#uploadId).finally(() => (this.#making = null))
    return this.#making
  }

  async #make(uploadId: string): Promise<void> {
    try {
      this.soundProblem = null
      const body = { area: session.areaId, title: this.title.trim(), upload: uploadId }
      const made = await api.addBulletin(body, this.#key)
      if (uploadId !== this.#uploadId) return
      this.bulletin = made
      this.watch()
    } catch (error) {
      this.soundProblem = asProblem(error)
      if (this.soundProblem.status > 0) this.#key = newKey()
      /* the upload may be gone (a restored draft): send the sound again */
      if (this.soundProblem.errors?.some((e) => e.pointer.includes('upload'))) {
        this.sound = 'failed'
        this.#uploadId = null
      }
    }
  }

  watch(): void {
    clearTimeout(this.#poll)
    const watched = this.bulletin
    if (this.#closed || watched?.audio !== 'working') return
    this.#poll = setTimeout(async () => {
      const fresh = await api.bulletin(watched.id).catch(() => watched)
      if (this.bulletin?.id === fresh.id) this.bulletin = fresh
      this.watch()
    }, POLL_MS)
  }

  async restore(): Promise<void> {
    const draft = this.#person ? await loadDraft(this.#person) : null
    if (!draft || this.audio || this.title) return
    const { title, everywhere, targets, kind, date, time, priority, audio, audioName, audioMs } = draft
    Object.assign(this, { title, everywhere, targets, kind, date, time, priority, audio, audioName, audioMs })
    this.restored = true
    this.#uploadId = draft.upload
    if (draft.bulletin) this.bulletin = await api.bulletin(draft.bulletin).catch(() => null)
    if (this.bulletin && this.bulletin.state !== 'draft') this.bulletin = null
    if (this.bulletin) {
      this.sound = 'uploaded'
      this.watch()
    } else if (audio) void this.sendSound()
  }

  save(partial?: { audio: Blob; audioName: string }): void {
    if (this.#closed || !this.#person) return
    const draft: Draft = {
      person: this.#person, savedAt: Date.now(), title: this.title, everywhere: this.everywhere,
      targets: $state.snapshot(this.targets), kind: this.kind, date: this.date, time: this.time,
      priority: this.priority, audio: this.audio, audioName: this.audioName, audioMs: this.audioMs,
      upload: this.#uploadId, bulletin: this.bulletin?.id ?? null, ...partial,
    }
    if (draft.title || draft.audio || draft.time) void saveDraft(draft)
  }

  async discard(): Promise<void> {
    this.close()
    await dropDraft(this.#person)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#poll)
    this.#upload?.abort()
  }
}
