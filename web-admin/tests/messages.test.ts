// What every text of the panel keeps to, in both languages (docs/words.md has the words themselves).
import { describe, expect, it } from 'vitest'
import { en as helpEn } from '../src/lib/help/en'
import { vi as helpVi } from '../src/lib/help/vi'
import { askedIn, catalogue, leavesIn, panelCode, type Leaf } from './catalogue'

/* Leaves whose languages rightly differ in what they fill in: days of the moon have names in Vietnamese only. */
const OWN_WAY = ['rules.monthDay']
/* Named by codes of the server; every other room is asked for by names that stand in the code. */
const BY_CODE = ['reason']
/* Pieces of a file, of a list, and what a time follows. */
const PIECES = ['imports.sample', 'AND', 'station.sound.state']
/* Names of places and peoples keep their accents in English. */
const NAMES = /\b(Thượng|Hưng Yên|Tày|Nùng|Mường|Thái)\b/g
const VIETNAMESE = /[ăâđêôơư\u1ea0-\u1ef9áàãéèíìóòõúùýĩũ]/i

const under = (path: string, all: Iterable<string>) => [...all].some((one) => path === one || path.startsWith(`${one}.`))

/* Names in capitals and helpers (LANGUAGES, lunarName) are used inside the texts; the compiler minds them. */
const rooms = (leaves: Leaf[]) => new Set(leaves.filter(({ path }) => path.includes('.')).map(({ path }) => path.split('.')[0]))
const unasked = (leaves: Leaf[], code: string[]): string[] => {
  const asked = new Set(code.flatMap(askedIn)), known = rooms(leaves)
  return leaves.map(({ path }) => path).filter((path) => /^[a-z]/.test(path) && known.has(path.split('.')[0]) && !under(path, asked) && !under(path, BY_CODE))
}

const filledOtherwise = (vi: Leaf[], en: Leaf[]): string[] => {
  const there = new Map(en.map((leaf) => [leaf.path, leaf.uses]))
  return vi.filter(({ path, uses }) => there.has(path) && !under(path, OWN_WAY) && String(uses) !== String(there.get(path))).map(({ path, uses }) => `${path}: vi fills in ${uses}, en ${there.get(path)}`)
}

const FLAWS: [name: string, flaw: RegExp][] = [
  ['three dots for …', /(?<!\.)\.{3}(?!\.)/],
  ['two spaces', / {2}/],
  ['a straight quotation mark', /["']/],
  ['a space before its mark', /\S [,;:!?…%]/],
  ['a mark without its space', /\p{L}[,;!?:](?=\p{L})/u],
  ['a sentence without its full stop', /[.!?] \p{Lu}[^.!?…:”]*[\p{L}\d⟩]$/u],
]
/* A whole text, not a piece of one. */
const EDGES: typeof FLAWS = [['a space at its edge', /^\s|\s$/], ['a small letter after a full stop', /(?<!ví dụ|v\.v)[.!?] \p{Ll}/u]]

const flawed = (leaves: Leaf[]): string[] =>
  leaves.filter(({ path }) => !under(path, PIECES)).flatMap(({ path, says, uses }) =>
    says.flatMap((text) => [...FLAWS, ...(uses === null && says.length === 1 ? EDGES : [])].filter(([, flaw]) => flaw.test(text)).map(([name]) => `${path}: ${name}: ${text}`)))

const untranslated = (leaves: Leaf[]): string[] => leaves.flatMap(({ path, says }) => says.filter((text) => VIETNAMESE.test(text.replace(NAMES, ''))).map((text) => `${path}: ${text}`))

/* What the help puts into quotation marks is what stands on the screen, or how it begins. */
const unseen = (help: { steps: string[] }[], leaves: Leaf[]): string[] => {
  const seen = leaves.flatMap(({ says }) => says)
  return help.flatMap(({ steps }) => steps).flatMap((step) => [...step.matchAll(/“([^”]+)”/g)].map(([, name]) => name)).filter((name) => !seen.some((text) => text.startsWith(name)))
}

describe('the texts', () => {
  const vi = catalogue('vi'), en = catalogue('en')
  it('are all asked for', () => expect(unasked(vi, panelCode())).toEqual([]))
  it('fill in the same in both languages', () => expect(filledOtherwise(vi, en)).toEqual([]))
  it('are without flaws of typing', () => expect([...flawed(vi), ...flawed(en)]).toEqual([]))
  it('are English in the English ones', () => expect(untranslated(en)).toEqual([]))
  it('have whatever the help names', () => expect([...unseen(helpVi, vi), ...unseen(helpEn, en)]).toEqual([]))
})

describe('a bad text', () => {
  const bad = leavesIn("export const a = { a: { used: 'Đã lưu.', lost: 'Xong..  Rồi', names: (n: number, of: number) => `${n} trạm`, wait: 'Xin chờ...', end: 'Đã lưu. Hãy xem lại' } }")
  const other = leavesIn("export const a = { a: { names: (n: number, of: number) => `${n} of ${of}` } }")
  it('is found when nobody asks for it', () => expect(unasked(bad, ['m().a.used + m().a.names(1, 2)', "m().a[on ? 'wait' : 'end']"])).toEqual(['a.lost']))
  it('is found when it leaves out what the other fills in', () => expect(filledOtherwise(bad, other)).toEqual(['a.names: vi fills in 0, en 0,1']))
  it('is found by its flaws', () => expect(flawed(bad).map((one) => one.split(': ').slice(0, 2).join(': '))).toEqual(['a.lost: two spaces', 'a.wait: three dots for …', 'a.end: a sentence without its full stop']))
  it('is found when it was left in Vietnamese', () => expect(untranslated(leavesIn("export const a = { a: { left: 'Lưu', name: 'In Hưng Yên', n: (of: number) => `${of} trạm` } }"))).toEqual(['a.left: Lưu', 'a.n: ⟨⟩ trạm']))
  it('is found when the help names what is not there', () => expect(unseen([{ steps: ['Bấm “Đã lưu” rồi “Gửi”.'] }], bad)).toEqual(['Gửi']))
})
