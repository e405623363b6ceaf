// Vietnamese lunar dates, for previews; the controller decides (controller/schedule/lunar.c has the same sums and
// their source: Hồ Ngọc Đức's method over the series in Jean Meeus, Astronomical Algorithms). Days are Julian day
// numbers, computed for UTC+7: China's midnight comes an hour earlier and gives other dates in some years.
import { DAY } from './time'

export interface LunarDate {
  day: number
  month: number
  leap: boolean
  /** Of this month: 29 or 30. */
  length: number
}

const ZONE_DAYS = 7 / 24
const SYNODIC = 29.530588853
const FIRST_MOON = 2415021.076998695 /* the new moon of k = 0 */
const UNIX_EPOCH = 2440588
const RAD = Math.PI / 180

export const julianOf = (key: string): number => Date.parse(`${key}T00:00:00Z`) / DAY + UNIX_EPOCH

function newMoonDay(k: number): number {
  const t = k / 1236.85
  const sun = (359.2242 + 29.10535608 * k - 0.0000333 * t ** 2 - 0.00000347 * t ** 3) * RAD
  const moon = (306.0253 + 385.81691806 * k + 0.0107306 * t ** 2 + 0.00001236 * t ** 3) * RAD
  const node = (21.2964 + 390.67050646 * k - 0.0016528 * t ** 2 - 0.00000239 * t ** 3) * RAD
  const mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t ** 2 - 0.000000155 * t ** 3 + 0.00033 * Math.sin((166.56 + 132.87 * t - 0.009173 * t ** 2) * RAD)
  const c = (0.1734 - 0.000393 * t) * Math.sin(sun) + 0.0021 * Math.sin(2 * sun) - 0.4068 * Math.sin(moon) + 0.0161 * Math.sin(2 * moon)
    - 0.0004 * Math.sin(3 * moon) + 0.0104 * Math.sin(2 * node) - 0.0051 * Math.sin(sun + moon) - 0.0074 * Math.sin(sun - moon)
    + 0.0004 * Math.sin(2 * node + sun) - 0.0004 * Math.sin(2 * node - sun) - 0.0006 * Math.sin(2 * node + moon)
    + 0.001 * Math.sin(2 * node - moon) + 0.0005 * Math.sin(2 * moon + sun)
  const deltaT = -0.000278 + 0.000265 * t + 0.000262 * t ** 2
  return Math.floor(mean + c - deltaT + 0.5 + ZONE_DAYS)
}

/** Which twelfth of its circle the sun is in: 0 = spring equinox, 9 = winter solstice. */
function sunTerm(julian: number): number {
  const t = (julian - 0.5 - ZONE_DAYS - 2451545) / 36525
  const m = (357.5291 + 35999.0503 * t - 0.0001559 * t ** 2 - 0.00000048 * t ** 3) * RAD
  const c = (1.9146 - 0.004817 * t - 0.000014 * t ** 2) * Math.sin(m) + (0.019993 - 0.000101 * t) * Math.sin(2 * m) + 0.00029 * Math.sin(3 * m)
  const degrees = (280.46645 + 36000.76983 * t + 0.0003032 * t ** 2 + c) % 360
  return Math.floor((degrees < 0 ? degrees + 360 : degrees) / 30)
}

/** First day of the lunar month 11 that falls in a solar year: the month of the winter solstice. */
function eleventh(year: number): number {
  const k = Math.floor((julianOf(`${year}-12-31`) - 2415021) / SYNODIC)
  const day = newMoonDay(k)
  return sunTerm(day) >= 9 ? newMoonDay(k - 1) : day
}

/** How many months after month 11 the leap month comes: the first without a major term. */
function leapOffset(first: number): number {
  const k = Math.floor((first - FIRST_MOON) / SYNODIC + 0.5)
  for (let n = 2, last = sunTerm(newMoonDay(k + 1)); n < 14; n++) {
    const term = sunTerm(newMoonDay(k + n))
    if (term === last) return n - 1
    last = term
  }
  return 13
}

export function lunarOf(key: string): LunarDate {
  const julian = julianOf(key)
  let k = Math.floor((julian - FIRST_MOON) / SYNODIC) + 1
  while (newMoonDay(k) > julian) k--
  const first = newMoonDay(k)
  const year = Number(key.slice(0, 4))
  let before = eleventh(year)
  let after = before
  if (before >= first) before = eleventh(year - 1)
  else after = eleventh(year + 1)
  return { day: julian - first + 1, length: newMoonDay(k + 1) - first, ...monthOf(first, before, after) }
}

function monthOf(first: number, before: number, after: number): { month: number; leap: boolean } {
  const months = Math.floor((first - before) / 29)
  const offset = after - before > 365 ? leapOffset(before) : Infinity
  const month = months + 11 - (months >= offset ? 1 : 0)
  return { month: month > 12 ? month - 12 : month, leap: months === offset }
}
