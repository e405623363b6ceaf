// One event stream per visible tab; each topic has a number that grows when something changed there.
// Without the stream every topic is asked again at intervals. A stream that hangs looks like one in which nothing happens,
// but the controller says something in it every 15 s: one that is silent for longer is opened anew, and everything is asked
// again, which also finds out whether we are offline. 30 s without any sign of life: stale.
import { listeners } from '../api/client'
import type { Topic } from '../api/types'
import { languageTag } from '../messages/index.svelte'
import { EventParser } from '../pure/sse'
import { serverTimeOf } from './clock.svelte'
import { lookForNewer } from './edition.svelte'

const STALE_MS = 30_000
const SILENT_MS = 18_000 /* a heartbeat of the controller, and what a slow line takes */
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
let lastInStream = 0
let timer: ReturnType<typeof setInterval> | undefined

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
  lastLife = lastInStream = Date.now()
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
  if (!response.ok || !response.body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) throw new Error(`events: ${response.status}`)
  lastInStream = Date.now()
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
  lastInStream = Date.now()
  timer = setInterval(look, 1000)
}

function look(): void {
  tick = Date.now()
  if (tick - lastInStream <= SILENT_MS) return
  bump()
  open(true)
}

function close(): void {
  running?.abort()
  running = null
  clearInterval(timer)
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
