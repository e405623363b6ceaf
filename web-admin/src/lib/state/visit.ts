// When somebody last said "seen" on this device; the server takes a day where nothing is known.

const key = (user: string) => `loa.seen.${user}`

export function visitBefore(user: string): string | null {
  try {
    return localStorage.getItem(key(user))
  } catch {
    return null
  }
}

const LAST = 'loa.person'

/** Who was logged in on this device before the page was opened. */
export function lastPerson(): string | null {
  try {
    return localStorage.getItem(LAST)
  } catch {
    return null
  }
}

export function rememberPerson(user: string): void {
  try {
    localStorage.setItem(LAST, user)
  } catch {
    /* only asked a little later next time */
  }
}

export function rememberVisit(user: string, now: number): void {
  try {
    localStorage.setItem(key(user), new Date(now).toISOString())
  } catch {
    /* asked about the last day again */
  }
}
