// The one way to the controller. An answer is typed data or an ApiError that carries a problem
// document; a dead network is a problem document too, so that screens show both the same way.
import { languageTag, m } from '../messages/index.svelte'
import { headersFor, takeEarly, TIMEOUT_MS, url } from './early'
import type { Page, Problem } from './types'

export const OFFLINE = 'offline'

export class ApiError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.problem = problem
  }
  get offline(): boolean {
    return this.problem.status === 0
  }
  get kind(): string {
    return this.problem.type.split('/').pop() ?? ''
  }
}

export { url }
type Query = Parameters<typeof url>[1]
interface Options {
  body?: unknown
  /** A file as it is, instead of a body in JSON. */
  file?: { bytes: Blob; type: string }
  query?: Query
  /** One key for one order: a repeat after a lost answer does nothing twice. */
  key?: string
  signal?: AbortSignal
}

/** Told about every answer: the session hears 401, the connection state hears whether the controller lives and what this person wrote. */
export const listeners = { answered: (_ok: boolean) => {}, unauthorized: () => {}, wrote: () => {} }

/* Nobody knows what became of the order: it is still being answered, or a gateway answered in the controller's place. Like
   a lost answer it has the status 0, and whoever tries again does so with the same key. */
const IN_PROGRESS = 'idempotency-in-progress'

function problemOf(status: number, answer: unknown): Problem {
  const body = answer as Problem | null | undefined
  if (typeof body?.title === 'string') return { ...body, detail: body.detail ?? '', type: body.type ?? 'about:blank', status: String(body.type).endsWith(IN_PROGRESS) ? 0 : status }
  return { type: 'about:blank', title: m().error.server(status), status: status >= 500 ? 0 : status, detail: m().error.serverWhat }
}

export const noLine = (): Problem => ({ type: OFFLINE, title: m().error.offline, status: 0, detail: m().error.offlineWhat })

/* Undefined: no JSON, so not of the controller. A gateway that cannot reach it, or wants somebody to log in first, answers
   with its own page; that is no sign of life. */
function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers = headersFor(languageTag())
  const address = url(path, options.query)
  if (method !== 'GET') headers['X-Loa'] = '1'
  if (options.key) headers['Idempotency-Key'] = options.key
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.file) headers['Content-Type'] = options.file.type
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS)
  options.signal?.addEventListener('abort', () => stop.abort())
  let response: Response
  let text: string
  try {
    response = await ((method === 'GET' && takeEarly(address)) || fetch(address, {
      method, headers, signal: stop.signal, credentials: 'same-origin', cache: 'no-store',
      body: options.file?.bytes ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    }))
    text = await response.text()
  } catch {
    if (!options.signal?.aborted) listeners.answered(false)
    throw new ApiError(noLine())
  } finally {
    clearTimeout(timer)
  }
  const answer = read(text)
  if (answer !== undefined || (response.ok && text === '')) listeners.answered(true)
  else if (response.ok) {
    listeners.answered(false)
    throw new ApiError(noLine())
  }
  if (response.status === 401 && path !== '/api/session' && path !== '/api/session/code') listeners.unauthorized()
  if (method !== 'GET') listeners.wrote()
  if (!response.ok) throw new ApiError(problemOf(response.status, answer))
  return answer as T
}

const PAGE = 200 /* the most that the controller gives at once */
const MOST_PAGES = 50

/** All pages of a list. One that is longer than a browser should hold is refused, never cut without a word: what can be
 *  as long is asked by page. */
export async function all<T>(path: string, query: Query = {}): Promise<T[]> {
  const items: T[] = []
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Page<T> = await request('GET', path, { query: { limit: PAGE, ...query, after } })
    items.push(...answer.items)
    after = answer.next ?? null
    if (!after) return items
  }
  throw new ApiError({ type: 'too-many', title: m().error.tooMany(PAGE * MOST_PAGES), status: 413, detail: m().error.tooManyWhat })
}

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
}

export function asProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return { type: 'about:blank', title: m().error.unexpected, status: 0, detail: String(error) }
}
