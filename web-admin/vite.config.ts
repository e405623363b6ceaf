// The panel is a plain single-page app: relative base, hash routes, no inline anything (strict CSP),
// so fonts and icons stay files and the modulepreload polyfill (for browsers before 2023) stays out.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'
import { homeScreen } from './tools/home-screen'
import { keepShell, WORKER } from './tools/worker'

/* Lucide puts an icon together piece by piece whenever it is shown, which was half the time that home took to appear.
   Here each becomes markup that never changes; only what an icon of ours is given is kept (tests/icons.test.ts). */
type Piece = [tag: string, attributes: Record<string, string>]
const LUCIDE = /@lucide\/svelte\/dist\/icons\/[^/]+\.svelte$/
const markup = ([tag, attributes]: Piece) => `<${tag} ${Object.entries(attributes).map(([name, value]) => `${name}="${value}"`).join(' ')} />`
const stillIcons = (): Plugin => ({
  name: 'still-icons',
  enforce: 'pre',
  transform: (code, id) => {
    if (!LUCIDE.test(id)) return
    const icon = /const iconData = (.*);/.exec(code)
    if (!icon) throw new Error(`${id} has another form than this version of lucide had`)
    return `<script>let { size = 24, class: own, 'aria-label': label } = $props()</script>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
  width={size} height={size} class={own} role={label && 'img'} aria-label={label} aria-hidden={!label}>${(JSON.parse(icon[1]).node as Piece[]).map(markup).join('')}</svg>`
  },
})

/* The first screen's questions go out as soon as their few bytes are there (src/early.ts), beside the panel's own code. */
const askEarly = (): Plugin => ({
  name: 'ask-early',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) => {
      const early = Object.values(bundle ?? {}).find((one) => one.type === 'chunk' && one.name === 'early')
      if (!early) throw new Error('src/early.ts has no chunk of its own')
      return [{ tag: 'script', attrs: { type: 'module', async: true, crossorigin: true, src: `./${early.fileName}` }, injectTo: 'head-prepend' }]
    },
  },
})

export default defineConfig({
  base: './',
  plugins: [stillIcons(), svelte(), askEarly(), homeScreen(), keepShell()],
  build: {
    target: ['es2020', 'chrome87', 'firefox90', 'safari14'],
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    reportCompressedSize: false,
    rollupOptions: {
      input: ['index.html', 'src/early.ts', WORKER],
      output: { entryFileNames: ({ facadeModuleId }) => (facadeModuleId?.endsWith(WORKER) ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  /* The browser's own Host goes on: the controller compares it with Origin. */
  server: { proxy: Object.fromEntries(['/api', '/healthz'].map((path) => [path, { target: process.env.LOA_CONTROLLER ?? 'http://127.0.0.1:8080' }])) },
})
