import { describe, expect, it } from 'vitest'
import { en } from '../src/lib/messages/en'
import { vi } from '../src/lib/messages/vi'
import { ENTRIES, entriesFor, entryOf, needsOf } from '../src/navigation'

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
  it('an address opens what its person may, and what only reads', () => {
    expect([['users'], ['compose'], ['areas', 'import'], ['stations', 'add'], ['stations', 'import']].map(needsOf)).toEqual(['manage_users', 'create_content', 'manage_areas', 'manage_stations', 'manage_stations'])
    expect([[], [''], ['stations'], ['stations', 'map'], ['stations', '7f3a'], ['alert-log'], ['policies'], ['sounds', '7f3a'], ['more'], ['nowhere']].map(needsOf)).toEqual(Array(10).fill(undefined))
  })
  it('knows nothing of an unknown address', () => expect(entryOf('nowhere')).toBeUndefined())
})
