import { describe, expect, it } from 'vitest'
import { layStrip, windows } from '../src/lib/pure/strip'
import { HOUR, MINUTE } from '../src/lib/pure/time'

const day = { start: 0, end: 24 * HOUR }
const span = (h: number, minutes: number) => ({ start: h * HOUR, end: h * HOUR + minutes * MINUTE })

describe('the strip of the day', () => {
  it('opens only the hours in use, a quarter of an hour around them', () => {
    expect(windows([span(5, 45), span(17, 60)], day, 3)).toEqual([
      { start: 4.75 * HOUR, end: 6 * HOUR }, { start: 16.75 * HOUR, end: 18.25 * HOUR },
    ])
  })
  it('joins what is less than an hour apart', () => expect(windows([span(5, 15), span(6, 10)], day, 3)).toHaveLength(1))
  it('never shows more windows than fit, and joins the closest', () => {
    const found = windows([span(1, 5), span(5, 5), span(8, 5), span(20, 5)], day, 3)
    expect(found).toHaveLength(3)
    expect(found[1].start).toBeLessThan(5 * HOUR)
    expect(found[1].end).toBeGreaterThan(8 * HOUR)
  })
  it('fills exactly the width, in order', () => {
    const { parts } = layStrip([span(5, 45), span(17, 60)], day)
    expect(parts.map((p) => p.open)).toEqual([false, true, false, true, false])
    expect(parts.reduce((sum, p) => sum + p.width, 0)).toBeCloseTo(100)
    parts.slice(1).forEach((p, i) => expect(p.left).toBeCloseTo(parts[i].left + parts[i].width))
  })
  it('places an instant by scale, and never outside', () => {
    const strip = layStrip([span(5, 45)], day)
    const [, open] = strip.parts
    expect(strip.x(open.start)).toBeCloseTo(open.left)
    expect(strip.x((open.start + open.end) / 2)).toBeCloseTo(open.left + open.width / 2)
    expect(strip.x(-HOUR)).toBe(0)
    expect(strip.x(30 * HOUR)).toBeCloseTo(100)
  })
  it('an empty day is one plain lane', () => expect(layStrip([], day).parts).toEqual([{ start: 0, end: 24 * HOUR, open: true, left: 0, width: 100 }]))
  it('something before midnight stays inside the day', () => {
    const strip = layStrip([span(23.9, 30)], day)
    expect(strip.parts[strip.parts.length - 1].end).toBe(day.end)
  })
})
