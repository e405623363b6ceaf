// The panel is a plain single-page app: relative base, hash routes, no inline anything (strict CSP),
// so fonts and icons stay files and the modulepreload polyfill (for browsers before 2023) stays out.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
  plugins: [svelte()],
  build: {
    target: ['es2020', 'chrome87', 'firefox90', 'safari14'],
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8090' } },
})
