// Tells the service worker (src/worker.ts) which files this edition of the panel has: those that open it and write a
// bulletin. The other screens live from what the controller answers; their code is kept once somebody has used it.
import { createHash } from 'node:crypto'
import type { OutputBundle, OutputChunk } from 'rollup'
import type { Plugin } from 'vite'

export const WORKER = 'src/worker.ts'
const OPENED = ['src/main.ts', 'src/early.ts', 'index.html'] /* with what they import */
const USED = ['src/screens/Compose.svelte', 'src/screens/Help.svelte', 'src/lib/help/vi.ts'] /* and what they open later on */
const ALWAYS = /\.(woff2|svg)$/
const EDITION_CHARACTERS = 12

function reach(bundle: OutputBundle, name: string, later: boolean, into: Set<string>): void {
  const chunk = bundle[name]
  if (into.has(name) || chunk?.type !== 'chunk') return
  into.add(name)
  for (const style of chunk.viteMetadata?.importedCss ?? []) into.add(style)
  for (const next of [...chunk.imports, ...(later ? chunk.dynamicImports : [])]) reach(bundle, next, later, into)
}

function shellOf(bundle: OutputBundle) {
  const chunks = Object.values(bundle).filter((one): one is OutputChunk => one.type === 'chunk')
  const named = (ends: string[]) => chunks.filter(({ facadeModuleId }) => ends.some((end) => facadeModuleId?.endsWith(end)))
  const files = new Set(Object.keys(bundle).filter((name) => ALWAYS.test(name)))
  for (const one of named(OPENED)) reach(bundle, one.fileName, false, files)
  const used = named(USED)
  if (used.length < USED.length) throw new Error(`a screen of ${USED} has no file of its own any more`)
  for (const one of used) reach(bundle, one.fileName, true, files)
  const page = bundle['index.html']
  const entry = chunks.find((one) => one.isEntry && one.facadeModuleId?.endsWith('index.html'))
  if (page?.type !== 'asset' || !entry) throw new Error('no page to keep')
  const all = [...files].sort().map((name) => `/${name}`)
  const edition = createHash('sha256').update(all.join()).update(page.source).digest('hex').slice(0, EDITION_CHARACTERS)
  return { edition, entry: entry.fileName, files: all }
}

export const keepShell = (): Plugin => ({
  name: 'keep-shell',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler: (_options, bundle) => {
      const worker = bundle['sw.js']
      if (worker?.type !== 'chunk' || !worker.code.includes('__SHELL__')) throw new Error('the worker has no place for its files')
      worker.code = worker.code.replace('__SHELL__', JSON.stringify(shellOf(bundle)))
    },
  },
})
