// Bytes as SIM tariffs count them: in thousands.
const UNITS = [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]] as const

export function dataText(bytes: number, locale: string): string {
  const [unit, size] = UNITS.find(([, one]) => bytes >= one) ?? UNITS[2]
  const value = bytes / size
  return `${value.toLocaleString(locale, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`
}

/** Percent used; a hundred only when nothing is left. */
export const share = (bytes: number, limit: number): number => Math.floor((bytes / limit) * 100)

/** Below it a station speaks of a weak signal, too. */
export const WEAK_PERCENT = 20
