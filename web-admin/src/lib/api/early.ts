// The questions of the first screen, asked before the panel's own code is there: on a slow network each answer and the
// code take half a second, and nobody has to wait for one after the other. This file and what it imports are all that
// runs first, so they stay small. Each answer serves once, the first request for its address (client.ts).
import { lastArea, lastLanguage, lastMinds, lastPerson, visitBefore } from '../state/visit'

type Query = Record<string, string | number | undefined | null>

interface Asked {
  sent: number
  arrived?: number
  answer: Promise<Response>
}

export const TIMEOUT_MS = 20_000
const asked = new Map<string, Asked>()

export function url(path: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value != null && value !== '') params.set(name, String(value))
  const text = params.toString()
  return text ? `${path}?${text}` : path
}

export const headersFor = (language: string): Record<string, string> => ({ Accept: 'application/json', 'Accept-Language': language })

function ask(path: string, query: Query = {}): void {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), TIMEOUT_MS)
  const entry: Asked = {
    sent: Date.now(),
    answer: fetch(url(path, query), { headers: headersFor(lastLanguage()), signal: stop.signal, credentials: 'same-origin', cache: 'no-store' }),
  }
  entry.answer.then(() => (entry.arrived = Date.now()), () => {}) /* whoever takes it hears of the failure */
  asked.set(url(path, query), entry)
}

/** Home is asked for the unit and the person seen last time: another one will ask anew. */
export function askEarly(): void {
  const area = lastArea()
  const person = lastPerson()
  ask('/api/me')
  if (!person) ask('/api/setup')
  if (!person || !area || location.hash.length > 2) return
  ask('/api/home', { area })
  if (lastMinds()) ask('/healthz')
  ask('/api/home/since', { area, since: visitBefore(person) })
  ask('/api/home/again', { area })
  ask('/api/inbox')
}

export function takeEarly(address: string): Promise<Response> | undefined {
  const entry = asked.get(address)
  asked.delete(address)
  return entry && Date.now() - entry.sent < TIMEOUT_MS ? entry.answer : undefined
}

/** When the answer that the next request for this address gets was asked for, and (once it is there) when it came. */
export const timesOf = (address: string): { sent: number; arrived?: number } => asked.get(address) ?? { sent: Date.now() }

/** What was asked for somebody else. */
export const forgetEarly = (): void => asked.clear()
