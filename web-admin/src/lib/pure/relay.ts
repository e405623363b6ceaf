// Who can hear a source: what its stations said they decode, before an order is refused for it.
import type { Source } from '../api/types'

export function unheard(source: Source): 'all' | 'some' | '' {
  const { stations, unable } = source.reach ?? { stations: 0, unable: 0 }
  return unable === 0 ? '' : unable >= stations ? 'all' : 'some'
}

/** The first that somebody can hear; else the first. */
export function firstHeard(sources: Source[]): Source | undefined {
  return sources.find((one) => unheard(one) !== 'all') ?? sources[0]
}
