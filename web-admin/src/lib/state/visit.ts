// When somebody last said "seen" on this device; the server takes a day where nothing is known.

const key = (user: string) => `loa.seen.${user}`

export function visitBefore(user: string): string | null {
  try {
    return localStorage.getItem(key(user))
  } catch {
    return null
  }
}

export function rememberVisit(user: string, now: number): void {
  try {
    localStorage.setItem(key(user), new Date(now).toISOString())
  } catch {
    /* asked about the last day again */
  }
}
