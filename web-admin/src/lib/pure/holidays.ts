// Rows of a holiday calendar: on which days of a year one falls, and the pasted list of what was decided for a year.
import type { HolidayCalendar, HolidayRow } from '../api/types'
import { lunarOf } from './lunar'
import { addDays, parseDate } from './time'

/** The solar day of a row in a year; null where there is none (29 February, or out of the row's years). */
export function dayOf(row: Pick<HolidayRow, 'lunar' | 'month' | 'day' | 'first' | 'from_year' | 'to_year'>, year: number): string | null {
  if ((row.from_year && year < row.from_year) || (row.to_year && year > row.to_year)) return null
  const key = row.lunar ? lunarDay(row.month, row.day, year) : parseDate(`${row.day}/${row.month}/${year}`, `${year}-01-01`)
  return key && addDays(key, row.first ?? 0)
}

function lunarDay(month: number, day: number, year: number): string | null {
  for (let key = `${year}-01-01`; key <= `${year}-12-31`; key = addDays(key, 1)) {
    const found = lunarOf(key)
    if (found.month === month && found.day === day && !found.leap) return key
  }
  return null
}

/** "30/04 Ngày Giải phóng" or "14/02 - 20/02/2026: Tết": rows of that year alone; `wrong` is the first line that says no day. */
export function pastedYear(text: string, year: number): { rows: HolidayRow[]; wrong: string } {
  const rows: HolidayRow[] = []
  for (const line of text.split('\n').map((one) => one.trim()).filter(Boolean)) {
    const found = /^(\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?)(?:\s*[-–]\s*(\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?))?[\s:,;.–-]+(.+)$/.exec(line)
    const first = found && parseDate(found[1], `${year}-01-01`)
    const last = found?.[2] ? parseDate(found[2], `${year}-01-01`) : first
    const days = first && last ? (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1 : 0
    if (!found || !first || !first.startsWith(String(year)) || days < 1 || days > 31) return { rows: [], wrong: line }
    const name = found[3].trim()
    rows.push({ name_vi: name, name_en: name, lunar: false, month: Number(first.slice(5, 7)), day: Number(first.slice(8)), days, from_year: year, to_year: year })
  }
  return { rows, wrong: '' }
}

const dayMonth = (key: string): string => `${key.slice(8)}/${key.slice(5, 7)}`

/** The days of a year as the text that pastedYear() reads; days in a row with one name are one line. */
export function yearLines(dates: HolidayCalendar['dates']): string {
  const lines: { from: string; to: string; name: string }[] = []
  for (const { date, name } of [...dates].sort((a, b) => a.date.localeCompare(b.date))) {
    const last = lines[lines.length - 1]
    if (last?.name === name && addDays(last.to, 1) === date) last.to = date
    else lines.push({ from: date, to: date, name })
  }
  return lines.map(({ from, to, name }) => `${dayMonth(from)}${from === to ? '' : ` - ${dayMonth(to)}`} ${name}`).join('\n')
}

/** Day for day, as a year of a calendar is stored; a name that the calendar knows keeps its other language. */
export function yearDays(rows: HolidayRow[], year: number, known: HolidayRow[]): { date: string; name_vi: string; name_en: string }[] {
  return rows.flatMap((row) => {
    const first = `${year}-${String(row.month).padStart(2, '0')}-${String(row.day).padStart(2, '0')}`
    const same = known.find((one) => one.name_vi === row.name_vi || one.name_en === row.name_vi) ?? row
    return Array.from({ length: row.days ?? 1 }, (_, n) => ({ date: addDays(first, n), name_vi: same.name_vi, name_en: same.name_en })).filter((one) => one.date.startsWith(String(year)))
  })
}

/** A name as the id of a calendar: plain letters, digits and hyphens, and not one that is taken. */
export function calendarId(plainName: string, taken: string[]): string {
  const base = plainName.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 24) || 'calendar'
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`
    if (!taken.includes(id)) return id
  }
}

export const yearText = (row: HolidayRow): string => (row.from_year && row.from_year === row.to_year ? String(row.from_year) : row.from_year || row.to_year ? `${row.from_year || '…'}–${row.to_year || '…'}` : '')
