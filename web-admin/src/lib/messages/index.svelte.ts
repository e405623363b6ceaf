// Texts for people. Vietnamese is the source; English must have the same shape, or the type check
// (a part of the build) fails. English is fetched only when somebody asks for it.
import type { Language } from '../api/types'
import { vi } from './vi'

export type Messages = typeof vi

const KEY = 'loa.language'
let language = $state<Language>('vi')
let catalogue = $state.raw<Messages>(vi)

export const m = (): Messages => catalogue
export const currentLanguage = (): Language => language
export const languageTag = (): string => (language === 'vi' ? 'vi' : 'en')

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

export async function useLanguage(wanted: Language): Promise<void> {
  catalogue = wanted === 'en' ? (await import('./en')).en : vi
  language = wanted
  document.documentElement.lang = wanted
  try {
    localStorage.setItem(KEY, wanted)
  } catch {
    /* private mode: only not remembered */
  }
}

export const useRememberedLanguage = () => useLanguage(remembered() === 'en' ? 'en' : 'vi')
