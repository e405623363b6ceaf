import { afterEach, describe, expect, it, vi } from 'vitest'
import { request } from '../src/lib/api/client'
import { useLanguage } from '../src/lib/messages/index.svelte'
import { Act } from '../src/lib/state/act.svelte'

const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status }))
const lost = () => Promise.reject(new TypeError('network'))
const refusal = { type: '/problems/login-taken', title: 'Trùng', status: 409, detail: 'Tên này đã có.' }

/** Presses once for each answer; gives the keys that went out. */
async function pressed(act: Act, ...answers: (() => Promise<Response>)[]): Promise<string[]> {
  const keys: string[] = []
  for (const next of answers) {
    vi.stubGlobal('fetch', (_: string, { headers }: { headers: Record<string, string> }) => {
      keys.push(headers['Idempotency-Key'])
      return next()
    })
    await act.run((key) => request('POST', '/api/users', { body: {}, key }))
  }
  return keys
}
afterEach(() => vi.unstubAllGlobals())

describe('an act', () => {
  it('keeps its key while nobody knows what became of it', async () => {
    const busy = { type: '/problems/idempotency-in-progress', title: 'Đang làm', status: 409 }
    const keys = await pressed(new Act(), lost, () => answer(502, '<html>'), () => answer(409, busy), () => answer(201, {}))
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(keys).size).toBe(1)
  })
  it('gets another key after every answer', async () => {
    const keys = await pressed(new Act(), () => answer(201, {}), () => answer(409, refusal), () => answer(201, {}))
    expect(new Set(keys).size).toBe(3)
  })
  it('gets another key once it is seen to be done', async () => {
    const act = new Act()
    const [first] = await pressed(act, lost)
    expect(act.problem?.status).toBe(0)
    act.settle()
    expect(act.problem).toBe(null)
    expect(await pressed(act, () => answer(201, {}))).not.toContain(first)
  })
  it('is alone: a press while one is under way does nothing', async () => {
    const act = new Act()
    let finish = () => {}
    const first = act.run(() => new Promise<void>((done) => (finish = done)))
    expect(act.busy).toBe(true)
    const second = vi.fn(async () => {})
    expect(await act.run(second)).toBe(false)
    expect(second).not.toHaveBeenCalled()
    finish()
    expect(await first).toBe(true)
    expect(act.busy).toBe(false)
    expect(await act.run(second)).toBe(true)
  })
  it('says what went wrong until the next try', async () => {
    const act = new Act()
    await pressed(act, () => answer(409, refusal))
    expect(act.problem).toMatchObject({ status: 409, detail: 'Tên này đã có.' })
    expect(await act.run(async () => expect(act.problem).toBe(null))).toBe(true)
    expect(act.problem).toBe(null)
  })
  it('says after the language was changed what became of it, in the new one', async () => {
    vi.stubGlobal('document', { documentElement: {} })
    const [refused, unheard] = [new Act(), new Act()]
    await pressed(refused, () => answer(409, { ...refusal, errors: [{ pointer: '/login', detail: 'Đã có.' }] }))
    await pressed(unheard, lost)
    await useLanguage('en')
    expect(refused.problem).toEqual({ type: refusal.type, status: 409, title: 'The last try was refused', detail: 'Send it again to read the reason in English.' })
    expect(unheard.problem).toMatchObject({ type: 'offline', status: 0, title: 'No connection' })
    await useLanguage('vi')
    expect(refused.problem).toMatchObject({ title: 'Trùng', errors: [{ detail: 'Đã có.' }] })
  })
})
