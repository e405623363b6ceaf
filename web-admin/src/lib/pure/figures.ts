// Figures of the reports in words.

/** A share as people write it; a dash where nothing was due. 99.95 is never shown as 100. */
export function percent(share: number | null, locale = 'vi'): string {
  if (share === null) return '–'
  const tenths = share === 1 ? 1000 : Math.min(999, Math.round(share * 1000))
  return `${(tenths / 10).toLocaleString(locale)}%`
}

/** 69831 as "69.831": a column of counts is read by its groups. */
export const count = (n: number, locale = 'vi'): string => n.toLocaleString(locale)

export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

/** "2026-01" and -1 give "2025-12". */
export function addMonths(month: string, by: number): string {
  const n = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by
  return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
}
