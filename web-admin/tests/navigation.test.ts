import { describe, expect, it } from 'vitest'
import { en } from '../src/lib/messages/en'
import { vi } from '../src/lib/messages/vi'
import { ENTRIES, entriesFor, entryOf } from '../src/navigation'

describe('navigation', () => {
  it('every entry has a title of its own in both languages', () => {
    for (const { nav } of [vi, en]) {
      const titles = ENTRIES.map((e) => nav.title(e.name))
      expect(new Set(titles).size).toBe(ENTRIES.length)
    }
  })
  it('shows only what the rights allow', () => {
    const names = (...may: string[]) => entriesFor((verb) => may.includes(verb), 'tab', 'work', 'admin', 'self', 'alert').map((e) => e.name)
    expect(names('view')).not.toContain('compose')
    expect(names('view')).not.toContain('users')
    expect(names('view', 'create_content')).toContain('compose')
    expect(names('view', 'manage_users')).toContain('users')
    expect(names('view')).toContain('stations')
  })
  it('five at a thumb\'s reach, home first', () => expect(ENTRIES.filter((e) => e.place === 'tab').map((e) => e.name)).toEqual(['', 'schedule', 'compose', 'stations', 'log']))
  it('knows nothing of an unknown address', () => expect(entryOf('nowhere')).toBeUndefined())
})
