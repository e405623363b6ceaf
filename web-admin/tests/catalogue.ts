// The texts of the panel as data, for tests: what one file of a language exports, as leaves with their path.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

export const source = new URL('../src/', import.meta.url).pathname
export const texts = join(source, 'lib/messages')

export interface Leaf {
  path: string
  /** Which of its parameters it uses, by place; null where it takes none. */
  uses: number[] | null
  /** Every piece of text in it; what is filled in stands as ⟨⟩. */
  says: string[]
}

function saysOf(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isTemplateExpression(node)) return [node.head.text + node.templateSpans.map((span) => `⟨⟩${span.literal.text}`).join(''), ...node.templateSpans.flatMap((span) => saysOf(span.expression))]
  const found: string[] = []
  node.forEachChild((child) => void found.push(...saysOf(child)))
  return found
}

function namesIn(node: ts.Node, found = new Set<string>()): Set<string> {
  if (ts.isIdentifier(node)) found.add(node.text)
  node.forEachChild((child) => void namesIn(child, found))
  return found
}

function usesOf(node: ts.Expression): number[] | null {
  if (!ts.isArrowFunction(node)) return null
  const names = namesIn(node.body)
  return node.parameters.flatMap((one, place) => (names.has(one.name.getText()) ? [place] : []))
}

const bare = (node: ts.Expression): ts.Expression => (ts.isAsExpression(node) || ts.isParenthesizedExpression(node) ? bare(node.expression) : node)

function leavesOf(object: ts.ObjectLiteralExpression, path: string): Leaf[] {
  return object.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property)) return []
    const name = `${path}${path && '.'}${ts.isStringLiteral(property.name) ? property.name.text : property.name.getText()}`
    const value = bare(property.initializer)
    return ts.isObjectLiteralExpression(value) ? leavesOf(value, name) : [{ path: name, uses: usesOf(value), says: saysOf(value) }]
  })
}

/** The leaves of what a source file exports as an object; helpers beside it (names of languages, of pages) under their own name. */
export function leavesIn(code: string): Leaf[] {
  const file = ts.createSourceFile('texts.ts', code, ts.ScriptTarget.Latest, true)
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return []
    return statement.declarationList.declarations.flatMap((one) => {
      const value = one.initializer && bare(one.initializer)
      if (!value) return []
      const exported = statement.modifiers?.some((word) => word.kind === ts.SyntaxKind.ExportKeyword)
      if (ts.isObjectLiteralExpression(value)) return leavesOf(value, exported ? '' : one.name.getText())
      return [{ path: one.name.getText(), uses: usesOf(value), says: saysOf(value) }]
    })
  })
}

export const rooms = readdirSync(join(texts, 'vi')).filter((name) => name !== 'index.ts')
export const catalogue = (language: 'vi' | 'en'): Leaf[] => rooms.filter((name) => name !== 'shared.ts').flatMap((name) => leavesIn(readFileSync(join(texts, language, name), 'utf8')))

/** The panel's own code, without its texts. */
export const panelCode = (): string[] =>
  readdirSync(source, { recursive: true }).map(String).filter((name) => /\.(svelte|ts)$/.test(name) && !/^lib\/messages\/(vi|en)\//.test(name)).map((name) => readFileSync(join(source, name), 'utf8'))

/** The paths that a piece of code asks for: m().a.b.c; of a room asked by a name that is made on the way, m().a[name], what it could name. */
export function askedIn(code: string): string[] {
  const words = [...new Set(code.match(/[a-zA-Z_]\w*/g))]
  return [...code.matchAll(/\bm\(\)((?:\s*\.\w+)+)(\[)?/g)].flatMap(([, dotted, index]) => {
    const path = dotted.replace(/\s/g, '').slice(1)
    return index && !path.includes('.') ? words.map((word) => `${path}.${word}`) : [path]
  })
}
