// The compose page's memory: sound -> upload -> bulletin (canonical sound) and the wish around it.
// The bulletin is made as soon as there is a title, so that the canonical sound is ready to be heard
// while the rest is still being filled in. A typed text needs no upload: it is read aloud by the controller,
// and a corrected text is a new version of the same bulletin. Every step can fail and be tried again on its own.
import { api, asProblem, newKey } from '../api'
import { upload, type Upload } from '../api/upload'
import type { BroadcastOrder, Bulletin, Problem, ProgrammeItem, Target, Template, When } from '../api/types'
import { atDay, clockText, dayKey, keyText, parseDate, parseTime, rfc3339 } from '../pure/time'
import { OPEN, typedOf, validityOf, wrongDays, type TypedValidity, type Validity } from '../pure/validity'
import { extraMembers, firstStart, ONCE, PLAIN, repeats, toWhen, type Extra, type Kind, type Pattern } from '../pure/wish'
import { serverNow } from './clock.svelte'
import { dropDraft, loadDraft, saveDraft, type Draft } from './draft'
import type { Keys } from './order'
import { session } from './session.svelte'

export type Sound = 'none' | 'uploading' | 'uploaded' | 'failed'

export const TEXT_MAX = 5000 /* characters, as the controller counts: composed code points */
const POLL_MS = 1000
const WAIT_MS = 200
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

export class Compose {
  title = $state('')
  everywhere = $state(true)
  targets = $state<Target[]>([])
  pattern = $state<Pattern>({ ...ONCE })
  extra = $state<Extra>({ ...PLAIN })
  until = $state('') /* as typed */
  leaveOut = $state(false) /* the areas below that refuse it */
  goFirst = $state<'rule' | 'this' | 'other'>('rule')
  date = $state(keyText(dayKey(serverNow(), session.zone)))
  time = $state('')
  priority = $state(false)
  language = $state('vi')
  gainDb = $state(0)
  tune = $state(false)
  fallback = $state<string[]>([]) /* stand in where its file cannot be played */
  template = $state.raw<Template | null>(null)
  validity = $state<TypedValidity>({ from: '', until: '' })

  way = $state<'sound' | 'text'>('sound')
  text = $state('')
  audio = $state.raw<Blob | null>(null)
  audioName = $state('')
  audioMs = $state(0)
  sound = $state<Sound>('none')
  progress = $state(0)
  soundProblem = $state.raw<Problem | null>(null)
  bulletin = $state.raw<Bulletin | null>(null)
  listened = $state(false)
  restored = $state(false)
  /** An order on its way; what it is told by stays with the draft until the answer is there. */
  sending: Keys | null = null

  /* what the way that is not chosen has made so far */
  #aside: { bulletin: Bulletin | null; listened: boolean } = { bulletin: null, listened: false }
  #spoken: Bulletin | null = null
  #uploadId: string | null = null
  #kept: string | null = null /* the bulletin of a restored draft that could not be asked for yet */
  #upload: Upload | null = null
  #making = $state.raw<Promise<void> | null>(null)
  #key = newKey()
  #poll: ReturnType<typeof setTimeout> | undefined
  #person = session.me?.id ?? ''
  #area = session.areaId /* whoever turns to another unit leaves this page; what is still on its way belongs here */
  #closed = false
  #soFar: { audio: Blob; audioName: string } | null = null
  #mends: Bulletin | null = null
  #before: Validity = OPEN /* of one that is mended */

  /** With a bulletin: its next version is made, and nothing is kept as a draft on this device. */
  constructor(mends: Bulletin | null = null) {
    if (!mends) return
    const { title, language, text } = mends
    Object.assign(this, { title, language, way: text === null ? 'sound' : 'text', text: text ?? '', bulletin: mends })
    this.#mends = mends
    this.#before = { valid_from: mends.valid_from, valid_until: mends.valid_until }
    this.validity = typedOf(this.#before, session.zone)
    this.#spoken = mends
    this.#person = ''
  }
  /** Of one that is mended: the old sound is no longer meant. */
  replaceSound(): void {
    Object.assign(this, { bulletin: null, listened: false })
  }
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
    return firstStart(this.wished, time, serverNow(), session.zone)
  }
  get valid(): Validity {
    return validityOf(this.validity, this.#before, this.today, session.zone)
  }
  get wrongDays(): ReturnType<typeof wrongDays> {
    return wrongDays(this.validity, this.#before, this.today, session.zone)
  }
  get limited(): boolean {
    return (this.validity.from + this.validity.until).trim() !== ''
  }
  get kind(): Kind {
    return this.pattern.kind
  }
  set kind(kind: Kind) {
    this.pattern.kind = kind
  }
  /** The last day is typed as text beside the pattern. */
  get wished(): Pattern {
    const until = repeats(this.kind) && this.until.trim() ? parseDate(this.until, this.today) : null
    return { ...$state.snapshot(this.pattern), until }
  }
  get durationMs(): number {
    return this.bulletin?.duration_ms ?? (this.way === 'sound' ? this.audioMs : 0)
  }
  get when(): When {
    return toWhen(this.wished, this.start === null ? null : rfc3339(this.start, session.zone))
  }
  /** The whole order but for what sounds. */
  terms(area: string, targets: Target[]): Omit<BroadcastOrder, 'bulletin' | 'programme'> {
    return {
      area, targets, when: this.when, gain_db: this.gainDb, class: this.priority ? 'priority' : 'normal', ...extraMembers(this.priority ? { ...this.extra, filler: false } : this.extra),
      ...(this.leaveOut && { leave_out_refusing: true }),
    }
  }
  /** One tap: the time that the controller found free. Of a series only the hour moves. */
  move(to: string): void {
    const time = Date.parse(to)
    this.time = clockText(time, session.zone)
    if (this.kind === 'now') this.kind = 'once'
    if (this.kind === 'once') this.date = keyText(dayKey(time, session.zone))
  }
  /** What sounds around the bulletin; null: nothing. */
  get items(): ProgrammeItem[] | null {
    if (this.template) return this.template.items
    return this.tune ? [{ kind: 'tune', bulletin: null, gain_db: 0 }, { kind: 'bulletin', bulletin: null, gain_db: 0 }] : null
  }
  /** One tap: items, place, time, class and volume as they were kept. */
  useTemplate(template: Template, top: string): void {
    Object.assign(this, { template, tune: false, priority: template.class === 'priority', gainDb: template.gain_db })
    const whole = template.targets.length === 0 || template.targets.some((t) => t.id === top && !t.exclude)
    Object.assign(this, { everywhere: whole, targets: whole ? [] : template.targets })
    if (!template.when) return
    const days = template.when.weekdays.map((day) => WEEK.indexOf(day)).sort()
    this.time = template.when.time
    Object.assign(this.pattern, { kind: days.length ? 'weekly' : this.kind === 'now' ? 'once' : this.kind, weekdays: days })
  }
  /** The other way round: this order, to be used again with another bulletin. */
  asTemplate(title: string, area: string, targets: Target[]): Omit<Template, 'id' | 'area_name'> {
    const time = this.kind === 'now' ? null : this.time
    const weekdays = this.kind === 'weekly' ? this.pattern.weekdays.map((day) => WEEK[day]!) : []
    const items = (this.items ?? [{ kind: 'bulletin' as const, bulletin: null, gain_db: 0 }]).map(({ kind, bulletin, gain_db }) => ({ kind, bulletin, gain_db }))
    return { title, area, targets, items, when: time ? { time, weekdays } : null, class: this.priority ? 'priority' : 'normal', gain_db: this.gainDb }
  }
  get body(): string {
    return this.text.normalize('NFC').trim()
  }
  get characters(): number {
    return [...this.body].length
  }
  get making(): boolean {
    return this.#making !== null
  }

  /** Going to the other way and back loses nothing. */
  setWay(way: 'sound' | 'text'): void {
    if (way === this.way) return
    clearTimeout(this.#poll)
    const aside = this.#aside
    this.#kept = null
    this.#aside = { bulletin: this.bulletin, listened: this.listened }
    Object.assign(this, { way, soundProblem: null, ...aside })
    if (way === 'sound' && this.audio && this.sound === 'none') void this.sendSound()
    else void this.makeBulletin()
    this.watch()
  }

  /** Changed words were not spoken yet; they are once the field is left (makeBulletin). */
  typed(): void {
    clearTimeout(this.#poll)
    Object.assign(this, { bulletin: null, listened: false, soundProblem: null })
  }

  setSound(audio: Blob, name: string, ms: number): void {
    this.#upload?.abort()
    clearTimeout(this.#poll)
    if (this.way === 'text') this.setWay('sound')
    Object.assign(this, { audio, audioName: name, audioMs: ms, bulletin: null, listened: false })
    this.#uploadId = this.#kept = null
    this.#soFar = null
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

  /** Does nothing until there is both a sound (or a text) and a title; the second caller waits for the first. */
  makeBulletin(): Promise<void> {
    if (this.#kept && !this.#making) this.#making = this.#reclaim().finally(() => (this.#making = null))
    if (this.#kept) return this.#making!
    if (this.bulletin || !this.title.trim()) return Promise.resolve()
    if (this.way === 'sound' && !this.#uploadId) return Promise.resolve()
    if (this.way === 'text' && (this.characters === 0 || this.characters > TEXT_MAX)) return Promise.resolve()
    if (this.#making) return this.way === 'text' ? this.#making.then(() => this.makeBulletin()) : this.#making
    this.#making = (this.way === 'text' ? this.#speak() : this.#make(this.#uploadId!)).finally(() => (this.#making = null))
    return this.#making
  }

  /** The sound is up there and canonical; false where that cannot be, and soundProblem may say why. */
  async whole(): Promise<boolean> {
    for (;;) {
      await this.makeBulletin()
      if (this.#closed) return false
      if (this.bulletin?.audio === 'ready') return true
      const nothing = !this.bulletin && (this.way === 'text' ? this.characters === 0 || this.characters > TEXT_MAX : this.sound === 'none')
      if (nothing || this.soundProblem || (this.way === 'sound' && this.sound === 'failed') || this.bulletin?.audio === 'failed') return false
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
    }
  }

  async #speak(): Promise<void> {
    const text = this.body
    const title = this.title.trim()
    try {
      this.soundProblem = null
      const made = await (this.#spoken
        ? api.changeBulletin(this.#spoken.id, { title, text }, this.#key)
        : api.addBulletin({ area: this.#area, title, language: 'vi', text }, this.#key))
      this.#key = newKey()
      this.#spoken = made
      if (this.way !== 'text') this.#aside = { bulletin: text === this.body ? made : null, listened: false }
      else if (text === this.body) this.bulletin = made
      this.watch()
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status > 0) this.#key = newKey()
      if (problem.status === 404) this.#spoken = null
      if (this.way === 'text') this.soundProblem = problem
    }
  }

  async #make(uploadId: string): Promise<void> {
    try {
      this.soundProblem = null
      const body = { title: this.title.trim(), language: this.language, upload: uploadId }
      const made = await (this.#mends ? api.changeBulletin(this.#mends.id, body, this.#key) : api.addBulletin({ area: this.#area, ...body }, this.#key))
      if (uploadId !== this.#uploadId) return
      if (this.way !== 'sound') return void (this.#aside = { bulletin: made, listened: false })
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
    const { title, everywhere, targets, pattern, extra, until = '', date, time, priority, language = 'vi', gainDb = 0, tune = false, fallback = [], validity = { from: '', until: '' }, template = null, leaveOut = false, sending = null, way = 'sound', text = '', audio, audioName, audioMs } = draft
    Object.assign(this, { title, everywhere, targets, until, date, time, priority, language, gainDb, tune, fallback, validity, template, leaveOut, sending, way, text, audio, audioName, audioMs })
    Object.assign(this, { pattern: { ...ONCE, ...pattern }, extra: { ...PLAIN, ...extra } })
    this.restored = true
    if (draft.area !== undefined && draft.area !== this.#area) {
      /* places, template and stand-ins of another unit are none here, and neither is its bulletin: words and sound are taken along */
      Object.assign(this, { everywhere: true, targets: [], template: null, fallback: [], sending: null })
      return this.#goOn()
    }
    this.#uploadId = draft.upload
    this.#kept = draft.bulletin
    return this.#kept ? this.makeBulletin() : this.#goOn()
  }

  /* Without a line the draft's bulletin waits to be asked for: made anew, there would be two. */
  async #reclaim(): Promise<void> {
    const id = this.#kept!
    this.soundProblem = null
    const found = await api.bulletin(id).catch((error) => asProblem(error))
    if (this.#kept !== id) return
    if ('status' in found && found.status === 0) return void (this.soundProblem = found)
    this.#kept = null
    if ('state' in found && (found.state === 'draft' || this.sending)) this.bulletin = found
    void this.#goOn()
  }

  #goOn(): Promise<void> {
    if (this.way === 'text') return this.#restoreSpoken()
    if (this.bulletin) {
      this.sound = 'uploaded'
      this.watch()
    } else if (this.audio) void this.sendSound()
    return Promise.resolve()
  }

  #restoreSpoken(): Promise<void> {
    this.#spoken = this.bulletin
    if (this.bulletin && this.bulletin.text !== this.body) this.bulletin = null
    this.watch()
    return this.makeBulletin()
  }

  /** `soFar`: what the microphone has given; kept until the recording is whole, for the clock saves too. */
  async save(soFar?: { audio: Blob; audioName: string }): Promise<void> {
    if (this.#closed || !this.#person) return
    this.#soFar = soFar ?? this.#soFar
    const draft: Draft = {
      person: this.#person, area: this.#area, savedAt: Date.now(), title: this.title, everywhere: this.everywhere,
      targets: $state.snapshot(this.targets), pattern: $state.snapshot(this.pattern), extra: $state.snapshot(this.extra), until: this.until, date: this.date, time: this.time,
      priority: this.priority, language: this.language, gainDb: this.gainDb, leaveOut: this.leaveOut, sending: $state.snapshot(this.sending), tune: this.tune, fallback: $state.snapshot(this.fallback), validity: $state.snapshot(this.validity), template: $state.snapshot(this.template), way: this.way, text: this.text, audio: this.audio, audioName: this.audioName, audioMs: this.audioMs,
      upload: this.#uploadId, bulletin: (this.way === 'text' ? this.#spoken : this.bulletin)?.id ?? this.#kept, ...this.#soFar,
    }
    if (draft.title || draft.audio || draft.text || draft.time) await saveDraft(draft)
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
