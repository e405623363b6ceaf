// The draft of the compose page, with its recording, in IndexedDB: a phone that dies at 04:55 must not
// take the bulletin with it. One draft per person; everything here may fail silently (private mode).
import type { Target, Template } from '../api/types'
import type { TypedValidity } from '../pure/validity'
import type { Extra, Pattern } from '../pure/wish'
import type { Keys } from './order'
import { lastPerson } from './visit'

export interface Draft {
  person: string
  savedAt: number
  area?: string
  title: string
  targets: Target[]
  everywhere: boolean
  pattern?: Pattern
  extra?: Extra
  until?: string
  date: string
  time: string
  priority: boolean
  language?: string
  gainDb?: number
  tune?: boolean
  fallback?: string[]
  validity?: TypedValidity
  template?: Template | null
  way?: 'sound' | 'text'
  text?: string
  audio: Blob | null
  audioName: string
  audioMs: number
  upload: string | null
  bulletin: string | null
  leaveOut?: boolean
  /** Of an order that was sent and not answered. */
  sending?: Keys | null
}

const STORE = 'drafts'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('loa', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'person' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T | null> {
  try {
    const database = await open()
    return await new Promise<T | null>((resolve) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE))
      request.onsuccess = () => resolve((request.result ?? null) as T | null)
      request.onerror = () => resolve(null)
    }).finally(() => database.close())
  } catch {
    return null
  }
}

export const loadDraft = (person: string) => run<Draft>('readonly', (s) => s.get(person))
/* Asked once the store is open: what was begun before somebody left is no reason to write after it. */
export const saveDraft = (draft: Draft) => run('readwrite', (s) => (lastPerson() === draft.person ? s.put(draft) : s.count()))
export const dropDraft = (person: string) => run('readwrite', (s) => s.delete(person))
