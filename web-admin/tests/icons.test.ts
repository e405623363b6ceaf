import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const KEPT = ['size', 'class', 'aria-label', 'aria-hidden']
const root = new URL('../src/', import.meta.url).pathname
const files = readdirSync(root, { recursive: true }).map(String).filter((name) => name.endsWith('.svelte'))

/* What else an icon is given would be lost in the build (vite.config.ts, stillIcons). */
function lost(source: string): string[] {
  const icons = [...source.matchAll(/import (\w+) from '@lucide\/svelte\/icons\//g)].map(([, name]) => name).concat('Icon')
  const given = icons.flatMap((name) => [...source.matchAll(new RegExp(`<${name}((?:\\s+[^/>{]*(?:\\{[^}]*\\})?)*)/?>`, 'g'))].map(([, attributes]) => attributes))
  return given.flatMap((attributes) => [...attributes.replace(/\{[^}]*\}/g, '""').matchAll(/([\w:-]+|\.\.\.)(?==|\s|$)/g)].map(([, name]) => name)).filter((name) => !KEPT.includes(name))
}

describe('icons', () => {
  it('are given only what the build keeps of them', () => {
    expect(files.flatMap((name) => lost(readFileSync(join(root, name), 'utf8')).map((what) => `${name}: ${what}`))).toEqual([])
  })
  it('would be caught with more', () => {
    const source = "import Mic from '@lucide/svelte/icons/mic'\n<Mic size={20} strokeWidth={3} aria-label={m().a} onclick={go} />"
    expect(lost(source)).toEqual(['strokeWidth', 'onclick'])
  })
})
