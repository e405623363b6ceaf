// Hash routes: "#/log?outcome=missed". Filters live in the query, so that a link can be sent on.

export interface Route {
  path: string[]
  query: URLSearchParams
}

/* An address that was typed or cut off may hold a lone percent sign. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function read(): Route {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?')
  return { path: path.split('/').filter(Boolean).map(plain), query: new URLSearchParams(query ?? '') }
}

let current = $state.raw<Route>(read())
window.addEventListener('hashchange', () => (current = read()))

export const route = (): Route => current

export function href(path: string, query: Record<string, string | undefined> = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value)
  const text = params.toString()
  return `#/${path}${text ? `?${text}` : ''}`
}

export function go(path: string, query: Record<string, string | undefined> = {}): void {
  location.hash = href(path, query)
}

/** Changes the address without a new step in the history (typing in a filter). */
export function replace(path: string, query: Record<string, string | undefined> = {}): void {
  history.replaceState(null, '', href(path, query))
  current = read()
}
