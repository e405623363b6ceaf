import { describe, expect, it } from 'vitest'
import type { Outcome } from '../src/lib/api/types'
import { en } from '../src/lib/messages/en'
import { vi } from '../src/lib/messages/vi'
import { toneOf } from '../src/lib/pure/outcome'

/* How many stations of each outcome, as the controller counts them. */
const NONE: Record<Outcome, number> = { upcoming: 0, playing: 0, played: 0, partial: 0, missed: 0, cancelled: 0, unknown: 0, unreported: 0 }
const counted = (outcomes: Outcome[]) => outcomes.reduce((sum, one) => ({ ...sum, [one]: sum[one] + 1 }), NONE)

describe('tones', () => {
  it('one failure makes the row red', () => expect(toneOf({ played: 3, missed: 1 })).toBe('bad'))
  it('unknown is neither green nor red', () => {
    expect(toneOf({ unknown: 4 })).toBe('quiet')
    expect(toneOf({ played: 3, unknown: 1 })).toBe('quiet')
  })
  it('green only when every station played', () => {
    expect(toneOf({ played: 4 })).toBe('good')
    expect(toneOf({ played: 4, cancelled: 1 })).toBe('good')
    expect(toneOf({ played: 3, upcoming: 1 })).not.toBe('good')
    expect(toneOf({ played: 3, partial: 1 })).toBe('warn')
  })
})

describe('the summary in words', () => {
  const words = (...outcomes: Outcome[]) => vi.log.summary(counted(outcomes), outcomes.length)
  it('says how many of how many', () => expect(words('played', 'played', 'played', 'missed')).toBe('3/4 trạm đã phát · 1 không phát được'))
  it('never counts a cancelled station as due', () => expect(words('played', 'cancelled')).toBe('1/1 trạm đã phát'))
  it('never calls silence played', () => expect(words('unknown', 'unknown')).toBe('0/2 trạm đã phát · 2 chưa có tin'))
  it('before the start only says when', () => expect(words('upcoming', 'upcoming')).toBe('Sắp phát ở 2 trạm'))
  it('nothing left', () => expect(words('cancelled')).toBe('Đã hủy'))
  it('in English too', () => expect(en.log.summary(counted(['played', 'missed']), 2)).toBe('1 of 2 stations played · 1 missed'))
})
