// The outline of a sound as one SVG path: each pair of extremes is a column, 256 units high.

/** Pairs of -128..127; a column is never thinner than a hair, so that silence is still a line. */
export function wavePath(peaks: number[]): string {
  const parts: string[] = []
  for (let i = 0; i + 1 < peaks.length; i += 2) {
    const top = Math.min(127, 128 - peaks[i + 1])
    const bottom = Math.max(129, 128 - peaks[i])
    parts.push(`M${i / 2} ${top}h.7V${bottom}h-.7z`)
  }
  return parts.join('')
}

/** As many columns as fit; what is joined keeps its extremes. */
export function fewer(peaks: number[], columns: number): number[] {
  const pairs = Math.floor(peaks.length / 2)
  if (pairs <= columns) return peaks.slice(0, pairs * 2)
  const joined: number[] = []
  for (let c = 0; c < columns; c++) {
    const some = peaks.slice(2 * Math.floor((c * pairs) / columns), 2 * Math.floor(((c + 1) * pairs) / columns))
    joined.push(Math.min(...some), Math.max(...some))
  }
  return joined
}
