// After vite: weighs what a browser must fetch against the budgets (the build fails beyond them) and
// writes .br and .gz beside each text asset, so that the controller never compresses.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const KB = 1000
const BUDGET = { coreJs: 90 * KB, chunk: 60 * KB, css: 15 * KB, fonts: 40 * KB, firstVisit: 180 * KB, worker: 3 * KB, kept: 90 * KB }
const TEXT = /\.(html|js|css|svg|json|txt|webmanifest)$/
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const files = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)) : [join(dir, e.name)]))
const gz = (file) => gzipSync(readFileSync(file), { level: 9 }).length

const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
rmSync(join(dist, 'manifest.json')) /* only for the weighing */

function reach(key, into = new Set()) {
  if (into.has(key)) return into
  into.add(key)
  for (const next of manifest[key].imports ?? []) reach(next, into)
  return into
}

const core = reach('index.html')
const js = (key) => gz(join(dist, manifest[key].file))
const sum = (list, of) => list.reduce((total, one) => total + of(one), 0)
const all = files(dist)
const css = sum(all.filter((f) => f.endsWith('.css')), gz)
const fonts = sum(all.filter((f) => f.endsWith('.woff2')), (f) => statSync(f).size)
const coreJs = sum([...core], js)
const coreCss = sum([...core].flatMap((key) => manifest[key].css ?? []), (f) => gz(join(dist, f)))
const worker = gz(join(dist, 'sw.js'))
const firstVisit = coreJs + coreCss + fonts + worker + ['index.html', 'loa.webmanifest'].reduce((total, f) => total + gz(join(dist, f)), gz(all.find((f) => f.endsWith('.svg'))))
/* Once the first screen stands: what opens the panel without a line and is not there already. */
const visited = new Set([...core].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]))
const kept = JSON.parse(/"files":(\[[^\]]*\])/.exec(readFileSync(join(dist, 'sw.js'), 'utf8'))[1]).map((f) => f.slice(1))
const later = sum(kept.filter((f) => !visited.has(f) && !/\.(woff2|svg)$/.test(f)), (f) => gz(join(dist, f)))

const rows = [['core JS', coreJs, BUDGET.coreJs], ['all CSS', css, BUDGET.css], ['fonts', fonts, BUDGET.fonts], ['first visit', firstVisit, BUDGET.firstVisit],
  ['worker', worker, BUDGET.worker], ['kept after it', later, BUDGET.kept]]
for (const [key, entry] of Object.entries(manifest))
  if (!core.has(key) && entry.file !== 'sw.js' && entry.file.endsWith('.js')) rows.push([`chunk ${entry.name ?? key}`, js(key), BUDGET.chunk])
for (const [name, size, most] of rows)
  console.log(`${size > most ? 'OVER ' : '     '}${name.padEnd(24)} ${(size / KB).toFixed(1).padStart(6)} of ${most / KB} kB`)

for (const file of files(dist).filter((f) => TEXT.test(f))) {
  const bytes = readFileSync(file)
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
}
if (rows.some(([, size, most]) => size > most)) {
  console.error('A budget is broken; see the lines marked OVER.')
  process.exit(1)
}
