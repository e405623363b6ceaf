import { expect, it } from 'vitest'
import { dataText, share } from '../src/lib/pure/data'

it.each([
  [0, '0 kB'], [1_500, '1,5 kB'], [999_999, '1.000 kB'], [2_340_000, '2,3 MB'], [45_600_000, '46 MB'], [6_900_000_000, '6,9 GB'],
])('says %d bytes as tariffs do', (bytes, text) => expect(dataText(bytes, 'vi')).toBe(text))
it('says a hundred percent only when nothing is left', () => expect([share(999, 1000), share(1000, 1000)]).toEqual([99, 100]))
