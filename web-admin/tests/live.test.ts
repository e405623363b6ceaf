import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Problem } from '../src/lib/api/types'

type Live = typeof import('../src/lib/state/live.svelte')
type Client = typeof import('../src/lib/api/client')

const STREAM = 'text/event-stream'
const PORTAL = '<html><title>Đăng nhập Wi-Fi</title></html>'
let live: Live
let client: Client
let streams: { signal: AbortSignal; say: (text: string) => void }[]
let answer: (signal: AbortSignal) => Promise<Response>
let stop: () => void

/** A stream that stays open and says what the test lets it say. */
function stream(signal: AbortSignal): Promise<Response> {
  const body = new ReadableStream<Uint8Array>({
    start: (it) => {
      streams.push({ signal, say: (text) => it.enqueue(new TextEncoder().encode(text)) })
      signal.addEventListener('abort', () => it.error(new DOMException('left', 'AbortError')))
    },
  })
  return Promise.resolve(new Response(body, { headers: { 'Content-Type': STREAM } }))
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(async () => {
  vi.useFakeTimers()
  vi.resetModules()
  streams = []
  answer = stream
  const nothing = { addEventListener: () => {}, removeEventListener: () => {} }
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('document', { visibilityState: 'visible', ...nothing })
  vi.stubGlobal('window', nothing)
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => answer(signal))
  live = await import('../src/lib/state/live.svelte')
  client = await import('../src/lib/api/client')
  stop = live.startLive()
  await pass(0)
})
afterEach(() => {
  stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('the stream of events', () => {
  it('is kept as long as the controller says something in it', async () => {
    for (let n = 0; n < 6; n++) {
      await pass(15_000)
      streams[0]!.say(':\n\n')
    }
    await pass(1000)
    expect([streams.length, live.stale(), live.urgency(['airings'])]).toEqual([1, false, 0])
  })
  it('that hangs is opened anew, and everything is asked again; the old one is let go', async () => {
    await pass(20_000)
    expect([streams.length, streams[0]!.signal.aborted, streams[1]?.signal.aborted]).toEqual([2, true, false])
    expect(live.urgency(['airings'])).toBeGreaterThan(0)
    expect(live.stale()).toBe(false)
  })
  it('hangs although other questions are answered: it is opened anew all the same', async () => {
    for (let n = 0; n < 5; n++) {
      await pass(4000)
      client.listeners.answered(true)
    }
    expect(streams.length).toBe(2)
  })
  it('that cannot be opened either: the picture is stale', async () => {
    answer = () => new Promise(() => {})
    await pass(29_000)
    expect(live.stale()).toBe(false)
    await pass(3000)
    expect([live.stale(), live.lastHeard()]).toEqual([true, expect.any(Number)])
  })
})

describe('a page of somebody else', () => {
  const page = (status: number) => () => Promise.resolve(new Response(PORTAL, { status, headers: { 'Content-Type': 'text/html' } }))
  it('in the place of an answer is no sign of life, and no answer', async () => {
    answer = page(200)
    const problem: Problem = await client.request('POST', '/api/broadcasts', { key: 'k' }).then(() => { throw new Error('it was taken for an answer') }, (error) => error.problem)
    expect([problem.type, problem.status, live.offline()]).toEqual([client.OFFLINE, 0, true])
    await pass(32_000)
    expect([live.stale(), live.offline()]).toEqual([true, true])
  })
  it('of a gateway that cannot reach the controller is no sign of life either', async () => {
    answer = page(502)
    await pass(32_000)
    const problem: Problem = await client.request('GET', '/api/home').then(() => { throw new Error('it was taken for an answer') }, (error) => error.problem)
    expect([problem.status, live.stale()]).toEqual([0, true])
  })
})
