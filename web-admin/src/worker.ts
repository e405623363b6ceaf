// The service worker keeps the frame of the panel on the device, so that it opens without a line: its page, the code that
// writes a bulletin, fonts and icon, and nothing that anybody said, heard or is. Whatever the controller answers under
// /api goes past it. The page itself is asked for first and taken from here only where nobody answers; what lies in
// assets/ carries its hash in the name, never changes and is taken from here first.
//
// One cache for each edition of the panel. Whole or not at all: the page goes in last, and only with the files it names.
// The edition before stays too, for tabs that were opened with it and still fetch their screens.

interface Shell {
  edition: string
  entry: string
  files: string[]
}
declare const __SHELL__: Shell /* written in by tools/worker.ts once all files have their names */
declare const self: ServiceWorkerGlobalScope
export {} /* a file of its own: its self is not the page's */

const shell = __SHELL__
const PREFIX = 'loa-shell-'
const OWN = PREFIX + shell.edition
const PAGE = '/'
const ANSWER_MS = 4000 /* a slow line answers within 2.5 s, the first handshake included; a dead one never */
const LANES = 2 /* of the six connections that a browser has: the page goes first */

/* A device that cannot look there has nothing kept. */
const inAnyEdition = (file: Request | string) => caches.match(file, { ignoreVary: true }).catch(() => undefined)

async function whole(file: string, cache: RequestCache): Promise<Response> {
  const response = await fetch(file, { cache, priority: 'low' })
  if (!response.ok) throw new Error(`${file}: ${response.status}`)
  return response
}

/* What an attempt that was broken off has already fetched is not fetched again. */
async function keepEdition(): Promise<void> {
  const own = await caches.open(OWN)
  const wanted = shell.files.values()
  const lane = async () => {
    for (const file of wanted) if (!(await own.match(file))) await own.put(file, (await inAnyEdition(file)) ?? (await whole(file, 'default')))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const page = await whole(PAGE, 'no-cache')
  if (!(await page.clone().text()).includes(shell.entry)) throw new Error('the page is of another edition')
  await own.put(PAGE, page)
}

async function dropOlder(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

/* The browser asks while this worker still wakes up. */
const answerOf = async (event: FetchEvent): Promise<Response> => (await (event.preloadResponse as Promise<Response | undefined>)) ?? fetch(event.request)

async function pageFor(event: FetchEvent): Promise<Response> {
  const answer = answerOf(event)
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), ANSWER_MS))
  const first = await Promise.race([answer, late]).catch(() => null)
  if (first && first.status < 500) return first
  const kept = await caches.match(PAGE, { cacheName: OWN, ignoreVary: true }).catch(() => undefined)
  return kept ?? answer
}

/* Kept beside the answer: a device that is full, or where keeping is slow, shows the screen all the same. */
async function asset(event: FetchEvent): Promise<Response> {
  const kept = await inAnyEdition(event.request)
  if (kept) return kept
  const response = await fetch(event.request)
  if (response.status === 200) {
    const copy = response.clone()
    event.waitUntil(caches.open(OWN).then((own) => own.put(event.request, copy)).catch(() => {}))
  }
  return response
}

self.addEventListener('install', (event) => {
  /* Newer browsers then do not even wake this worker for what it lets pass. */
  const routed = event as ExtendableEvent & { addRoutes?(route: object): Promise<void> }
  event.waitUntil(Promise.resolve(routed.addRoutes?.({ condition: { urlPattern: '/api/*' }, source: 'network' })).catch(() => {}))
  event.waitUntil(keepEdition().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([dropOlder(), self.registration.navigationPreload?.enable(), self.clients.claim()]))
})

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin) return
  if (event.request.mode === 'navigate') event.respondWith(pathname === PAGE ? pageFor(event) : answerOf(event))
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(event))
})
