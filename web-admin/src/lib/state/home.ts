// The home screen's data is asked for together with "who am I", for the unit seen last time: on a slow
// network that saves half a second of looking at nothing. Used once, and only for that unit.
import { api } from '../api'
import type { Home } from '../api/types'

interface Asked {
  home: Home
  sent: number
}

let early: { area: string; asked: Promise<Asked> } | null = null

async function ask(area: string): Promise<Asked> {
  const sent = Date.now()
  return { home: await api.home(area), sent }
}

export function askHomeEarly(area: string | null): void {
  if (!area || location.hash.length > 2) return
  early = { area, asked: ask(area) }
  early.asked.catch(() => {}) /* asked again by whoever needs it */
}

export async function loadHome(area: string): Promise<Asked> {
  const asked = early?.area === area ? early.asked : null
  early = null
  return asked ? asked.catch(() => ask(area)) : ask(area)
}
