// Texts for people. Vietnamese is the source; English must have the same shape, or the type check
// (a part of the build) fails. English is fetched only when somebody asks for it.
import type { Language } from '../api/types'
import { lastLanguage, rememberLanguage } from '../state/visit'
import { vi } from './vi'

export type Messages = typeof vi

let language = $state<Language>('vi')
let catalogue = $state.raw<Messages>(vi)

export const m = (): Messages => catalogue
export const currentLanguage = (): Language => language
export const languageTag = (): string => (language === 'vi' ? 'vi' : 'en')

export async function useLanguage(wanted: Language): Promise<void> {
  catalogue = wanted === 'en' ? (await import('./en')).en : vi
  language = wanted
  document.documentElement.lang = wanted
  rememberLanguage(wanted)
}

export const useRememberedLanguage = () => useLanguage(lastLanguage())
