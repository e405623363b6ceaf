// Areas in the order of their tree, whatever order they came in; what has no visible parent is a top.
import type { Area } from '../api/types'

export interface Branch {
  area: Area
  depth: number
}

export function treeOrder(areas: Area[]): Branch[] {
  const known = new Set(areas.map((a) => a.id))
  const children = new Map<string | null, Area[]>()
  for (const area of areas) {
    const parent = area.parent !== null && known.has(area.parent) ? area.parent : null
    children.set(parent, [...(children.get(parent) ?? []), area])
  }
  const order: Branch[] = []
  const walk = (parent: string | null, depth: number): void => {
    const here = [...(children.get(parent) ?? [])].sort((a, b) => a.name.localeCompare(b.name, 'vi', { numeric: true }))
    for (const area of here) {
      order.push({ area, depth })
      walk(area.id, depth + 1)
    }
  }
  walk(null, 0)
  return order
}

/** For <option>, which knows no padding. */
export const indented = ({ area, depth }: Branch): string => '\u00a0\u00a0\u00a0'.repeat(depth) + area.name

/** The area and those above it that are known. */
export function upward(areas: Area[], area: string): string[] {
  const parents = new Map(areas.map((one) => [one.id, one.parent]))
  const path: string[] = []
  for (let at: string | null | undefined = area; at && !path.includes(at); at = parents.get(at)) path.push(at)
  return path
}
