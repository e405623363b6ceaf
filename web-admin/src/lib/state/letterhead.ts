// The settings that stand on paper, asked for once by the first page that can be printed.
import { api } from '../api'
import type { Settings } from '../api/types'

let asked: Promise<Settings | null> | null = null

export function letterhead(): Promise<Settings | null> {
  asked ??= api.settings().catch(() => {
    asked = null
    return null
  })
  return asked
}

/** Somebody changed them. */
export const forgetLetterhead = (): void => void (asked = null)
