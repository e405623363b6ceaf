// One event stream per visible tab; each topic has a number that grows when something changed there.
// Without the stream every topic is asked again at intervals. 30 s without any sign of life: stale.
import { listeners } from '../api/client'
import type { Topic } from '../api/types'
import { languageTag } from '../messages/index.svelte'
import { EventParser } from '../pure/sse'
import { serverTimeOf } from './clock.svelte'
import { lookForNewer } from './edition.svelte'

const STALE_MS = 30_000
const POLL_MS = 10_000
const RETRY_MS = 3_000
const OWN_MS = 5_000 /* what changes so soon after somebody's own act is shown without waiting */
const TOPICS: Topic[] = ['stations', 'airings', 'bulletins', 'broadcasts', 'groups', 'alerts']

const versions = $state<Record<Topic, number>>({ stations: 0, airings: 0, bulletins: 0, broadcasts: 0, groups: 0, alerts: 0 })
/* The same for what this person has just done, which is shown without waiting. */
const pressed = $state<Record<Topic, number>>({ stations: 0, airings: 0, bulletins: 0, broadcasts: 0, groups: 0, alerts: 0 })
let lastLife = $state(Date.now())
let tick = $state(Date.now())
let network = $state(navigator.onLine)
let reached = $state(true)
let running: AbortController | null = null
let timers: ReturnType<typeof setInterval>[] = []

const sum = (counts: Record<Topic, number>, topics: readonly Topic[]): number => topics.reduce((total, t) => total + counts[t], 0)
export const version = (topics: readonly Topic[]): number => sum(versions, topics)
export const urgency = (topics: readonly Topic[]): number => sum(pressed, topics)
export const offline = (): boolean => !network || !reached
export const stale = (): boolean => tick - lastLife > STALE_MS
export const lastHeard = (): number => serverTimeOf(lastLife)

export function bump(topics: readonly Topic[] = TOPICS): void {
  for (const topic of topics) if (topic in pressed) pressed[topic]++
}

let wroteAt = -Infinity
listeners.wrote = () => (wroteAt = Date.now())

function changed(topics: readonly Topic[] = TOPICS): void {
  if (Date.now() - wroteAt < OWN_MS) return bump(topics)
  for (const topic of topics) if (topic in versions) versions[topic]++
}

listeners.answered = (ok) => {
  reached = ok
  if (ok) lastLife = Date.now()
}

function hear(text: string, parser: EventParser): void {
  lastLife = Date.now()
  reached = true
  for (const event of parser.push(text)) {
    if (event.event !== 'changed') continue
    try {
      changed((JSON.parse(event.data) as { what?: Topic[] }).what)
    } catch {
      changed()
    }
  }
}

async function follow(signal: AbortSignal, again: boolean): Promise<void> {
  const headers = { Accept: 'text/event-stream', 'Accept-Language': languageTag() }
  const response = await fetch('/api/events', { headers, signal, cache: 'no-store', credentials: 'same-origin' })
  if (!response.ok || !response.body) throw new Error(`events: ${response.status}`)
  if (again) bump() /* whatever happened while nobody listened */
  void lookForNewer()
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  const parser = new EventParser()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    hear(decoder.decode(value, { stream: true }), parser)
  }
}

async function keepFollowing(stop: AbortController, again: boolean): Promise<void> {
  while (!stop.signal.aborted) {
    await follow(stop.signal, again).catch(() => {})
    again = true
    if (stop.signal.aborted) return
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    bump()
  }
}

function open(again: boolean): void {
  close()
  running = new AbortController()
  void keepFollowing(running, again)
  timers = [
    setInterval(() => (tick = Date.now()), 1000),
    /* nothing heard for longer than a heartbeat: ask, which also finds out whether we are offline */
    setInterval(() => Date.now() - lastLife > 2 * POLL_MS && bump(), POLL_MS),
  ]
}

function close(): void {
  running?.abort()
  running = null
  timers.forEach(clearInterval)
  timers = []
}

function seen(again = true): void {
  if (document.visibilityState === 'visible') {
    tick = Date.now()
    open(again)
  } else close()
}

export function startLive(): () => void {
  const up = () => {
    network = true
    reached = true
    seen()
  }
  const down = () => (network = false)
  const turned = () => seen()
  document.addEventListener('visibilitychange', turned)
  window.addEventListener('online', up)
  window.addEventListener('offline', down)
  lastLife = Date.now()
  seen(false) /* the screens have just asked for themselves */
  return () => {
    document.removeEventListener('visibilitychange', turned)
    window.removeEventListener('online', up)
    window.removeEventListener('offline', down)
    close()
  }
}
