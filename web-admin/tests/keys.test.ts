import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const KEY = '#/components/parameters/Idempotency-Key'
type Operation = { parameters?: { $ref?: string }[] }

/** "PATCH /api/users/{}" of every address that counts a key. */
function counted(): string[] {
  const { paths } = JSON.parse(read('../../controller/openapi.json')) as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters }]) =>
      parameters?.some((one) => one.$ref === KEY) ? [`${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, '{}')}`] : []))
}

/** What the panel asks: "PATCH /api/users/{}" and whether a key goes with it. */
function asked(): { what: string; key: boolean }[] {
  const calls = read('../src/lib/api/index.ts').matchAll(/request<[^(]*>\('(POST|PUT|PATCH|DELETE)', (['`])(.*?)\2(.*)/g)
  return [...calls].map(([, method, , path, rest]) => ({ what: `${method} ${path.replace(/\$\{[^}]*\}/g, '{}')}`, key: /\bkey\b/.test(rest) }))
}

describe('an act that the server does once', () => {
  const once = new Set(counted())
  it('is known', () => expect(once.size).toBeGreaterThan(50))
  it('is sent with a key', () => expect(asked().filter((one) => once.has(one.what) && !one.key).map((one) => one.what)).toEqual([]))
  it('stands in the list of requests', () => expect(asked().filter((one) => once.has(one.what)).length).toBeGreaterThan(45))
})
