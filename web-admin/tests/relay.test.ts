import { describe, expect, it } from 'vitest'
import type { Source } from '../src/lib/api/types'
import { firstHeard, unheard } from '../src/lib/pure/relay'

const source = (id: string, reach: Source['reach']): Source => ({ id, area: 'a', area_name: 'A', name: id, addresses: [], created_by: 'Mai', created_at: '', may_change: true, reach })
const [deaf, half, fine, nobody] = [source('deaf', { stations: 2, unable: 2, names: [] }), source('half', { stations: 2, unable: 1, names: [] }), source('fine', { stations: 2, unable: 0, names: [] }), source('nobody', { stations: 0, unable: 0, names: [] })]

describe('a source', () => {
  it('is told apart by who can hear it', () => expect([deaf, half, fine, nobody, source('new', null)].map(unheard)).toEqual(['all', 'some', '', '', '']))
  it('that somebody hears is taken first', () => {
    expect(firstHeard([deaf, half, fine])?.id).toBe('half')
    expect(firstHeard([deaf])?.id).toBe('deaf')
    expect(firstHeard([])).toBeUndefined()
  })
})
