import { beforeAll, describe, expect, it } from 'vitest'

/* The worker in a world of fakes: what the network and the device's store do is turned from outside. */
const FILES = ['/assets/main-1.js', '/assets/home-1.css']
const world = {
  full: false, broken: false, down: false, fetched: [] as string[],
  caches: new Map<string, Map<string, Response>>(),
  on: {} as Record<string, (event: unknown) => void>,
}
const pathOf = (what: { url: string } | string) => new URL(typeof what === 'string' ? what : what.url, 'https://loa.example').pathname
const found = (store: Map<string, Response> | undefined, what: { url: string } | string) => store?.get(pathOf(what))?.clone()

const open = async (name: string) => {
  if (world.broken) throw new Error('the store is broken')
  const store = world.caches.get(name) ?? new Map<string, Response>()
  world.caches.set(name, store)
  return {
    match: async (what: { url: string } | string) => found(store, what),
    put: async (what: { url: string } | string, response: Response) => {
      if (world.full) throw new DOMException('no room', 'QuotaExceededError')
      store.set(pathOf(what), response)
    },
  }
}
const asked = async (what: { url: string } | string) => {
  world.fetched.push(pathOf(what))
  if (world.down) throw new TypeError('Failed to fetch')
  return new Response(`${pathOf(what)} with /assets/main-1.js`)
}

/** What the page gets; undefined where the worker lets it pass. */
async function get(path: string, { mode = 'cors', method = 'GET' } = {}): Promise<string | undefined> {
  const waits: Promise<unknown>[] = []
  let answer: Promise<Response> | undefined
  const request = { url: `https://loa.example${path}`, method, mode }
  world.on.fetch({ request, preloadResponse: Promise.resolve(undefined), respondWith: (given: Promise<Response>) => (answer = given), waitUntil: (one: Promise<unknown>) => waits.push(one) })
  const text = answer && (await (await answer).text())
  await Promise.all(waits)
  return text
}
async function event(name: string): Promise<void> {
  const waits: Promise<unknown>[] = []
  world.on[name]({ waitUntil: (one: Promise<unknown>) => waits.push(one) })
  await Promise.all(waits)
}

beforeAll(async () => {
  Object.assign(globalThis, {
    __SHELL__: { edition: 'one', entry: 'assets/main-1.js', files: FILES },
    fetch: asked,
    caches: {
      open, keys: async () => [...world.caches.keys()], delete: async (name: string) => world.caches.delete(name),
      match: async (what: { url: string } | string, { cacheName }: { cacheName?: string } = {}) => {
        if (world.broken) throw new Error('the store is broken')
        return cacheName ? found(world.caches.get(cacheName), what) : [...world.caches.values()].map((store) => found(store, what)).find(Boolean)
      },
    },
    self: {
      addEventListener: (name: string, act: (event: unknown) => void) => (world.on[name] = act), skipWaiting: async () => {},
      location: { origin: 'https://loa.example' }, registration: {}, clients: { claim: async () => {} },
    },
  })
  await import(/* @vite-ignore */ `../src/${'worker'}.ts`)
  await event('install')
  await event('activate')
})

describe('the worker', () => {
  it('keeps its edition and opens it without a line', async () => {
    expect([...world.caches.get('loa-shell-one')!.keys()].sort()).toEqual(['/', ...FILES].sort())
    world.down = true
    expect(await get('/', { mode: 'navigate' })).toContain('main-1.js')
    expect(await get(FILES[0])).toContain(FILES[0])
    world.down = false
  })
  it('never comes between the page and the controller', async () => {
    expect(await get('/api/me')).toBeUndefined()
    expect(await get('/assets/x-1.js', { method: 'POST' })).toBeUndefined()
  })
  it('keeps the code of a screen that somebody opened', async () => {
    expect(await get('/assets/log-1.js')).toContain('log')
    expect(world.caches.get('loa-shell-one')!.has('/assets/log-1.js')).toBe(true)
  })
  it('shows a screen on a device that has no room to keep it', async () => {
    world.full = true
    expect(await get('/assets/stations-1.js')).toContain('stations')
    world.full = false
  })
  it('is not in the way where the store of the device is broken', async () => {
    world.broken = true
    expect(await get('/assets/alerts-1.js')).toContain('alerts')
    expect(await get(FILES[0])).toContain(FILES[0])
    expect(await get('/', { mode: 'navigate' })).toContain('main-1.js')
    world.broken = false
  })
  it('deletes the editions before the last one', async () => {
    for (const name of ['loa-shell-old', 'loa-shell-before', 'somebody-else']) world.caches.set(name, new Map())
    await event('activate')
    expect([...world.caches.keys()]).toEqual(['loa-shell-one', 'loa-shell-before', 'somebody-else'])
  })
})
