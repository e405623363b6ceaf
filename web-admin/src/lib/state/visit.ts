// What this device remembers from one visit to the next. Private mode remembers nothing: then it is asked a little later.
// Who logs out is forgotten, but for the moment up to which they have seen what failed.

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    /* asked again next time */
  }
}

const seen = (user: string) => `loa.seen.${user}`
/** When somebody last said "seen" on this device; the server takes a day where nothing is known. */
export const visitBefore = (user: string): string | null => recall(seen(user))
export const rememberVisit = (user: string, upTo: string): void => keep(seen(user), upTo)

/** Who was logged in on this device before the page was opened. */
export const lastPerson = (): string | null => recall('loa.person')
export const rememberPerson = (user: string): void => keep('loa.person', user)

/** Whether that person writes bulletins: compose opens without a line then. */
export const lastWrites = (): boolean => recall('loa.writes') === 'yes'
export const rememberWrites = (writes: boolean): void => keep('loa.writes', writes ? 'yes' : 'no')

export const lastArea = (): string | null => recall('loa.area')
export const rememberArea = (area: string): void => keep('loa.area', area)

export const lastLanguage = (): 'vi' | 'en' => (recall('loa.language') === 'en' ? 'en' : 'vi')
export const rememberLanguage = (language: string): void => keep('loa.language', language)

/** Whether home told this person about the backups. */
export const lastMinds = (): boolean => recall('loa.minds') === 'yes'
export const rememberMinds = (minds: boolean): void => keep('loa.minds', minds ? 'yes' : 'no')

export function forgetPerson(): void {
  try {
    const uploads = Object.keys(localStorage).filter((key) => key.startsWith('tus::')) /* what a broken upload left to go on with */
    for (const key of ['loa.person', 'loa.writes', 'loa.area', 'loa.minds', ...uploads]) localStorage.removeItem(key)
  } catch {
    /* nothing was kept */
  }
}
