import { describe, expect, it } from 'vitest'
import { fewer, wavePath } from '../src/lib/pure/wave'

describe('the outline of a sound', () => {
  it('has one column for each pair, from its highest to its lowest point', () => {
    expect(wavePath([-128, 127, -10, 20])).toBe('M0 1h.7V256h-.7zM1 108h.7V138h-.7z')
  })
  it('silence is a line, not a gap', () => expect(wavePath([0, 0])).toBe('M0 127h.7V129h-.7z'))
  it('an odd number at the end is no pair', () => expect(wavePath([-1, 1, 5])).toBe(wavePath([-1, 1])))
  it('joined columns keep the loudest of what they hold', () => {
    expect(fewer([-1, 2, -9, 1, -3, 7, 0, 0], 2)).toEqual([-9, 2, -3, 7])
  })
  it('no column is lost or made up when they do not divide evenly', () => {
    const peaks: number[] = Array.from({ length: 2 * 799 }, (_, i) => (i % 2 ? 1 : -1))
    peaks[2 * 798 + 1] = 99
    const joined = fewer(peaks, 160)
    expect(joined).toHaveLength(320)
    expect(Math.max(...joined)).toBe(99)
    expect(joined.every(Number.isFinite)).toBe(true)
  })
  it('a short sound stays as it is', () => expect(fewer([-1, 1, -2, 2], 160)).toEqual([-1, 1, -2, 2]))
})
