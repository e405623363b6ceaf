// A place on the map as people copy it: "20.9517, 106.0519", also with decimal commas.

const DIGITS = 6

export function placeText(lat: number | null, lon: number | null): string {
  return lat == null || lon == null ? '' : `${Number(lat.toFixed(DIGITS))}, ${Number(lon.toFixed(DIGITS))}`
}

/** null, null = nowhere; undefined = cannot be read. */
export function parsePlace(text: string): { lat: number | null; lon: number | null } | undefined {
  if (!text.trim()) return { lat: null, lon: null }
  const found = /^\s*(-?\d+(?:[.,]\d+)?)\s*(?:[;,]\s+|;|,(?=\s*-?\d+[.,])|\s+)\s*(-?\d+(?:[.,]\d+)?)\s*$/.exec(text)
  if (!found) return undefined
  const [lat, lon] = [found[1], found[2]].map((n) => Number(n.replace(',', '.')))
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined
}
