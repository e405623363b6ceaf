// What a phone needs to put the panel on its home screen: a name, and the icon as pictures, for phones draw no SVG there.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import type { Plugin } from 'vite'

const SIZES = [192, 512]
const PAPER = '#fffdf8'
const icon = readFileSync(new URL('../src/loa.svg', import.meta.url), 'utf8')
const square = icon.replace(' rx="7"', '') /* a phone that cuts its own shape wants the corners */

const picture = (svg: string, width: number) => new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng()

const MANIFEST = {
  id: '/', name: 'Loa', short_name: 'Loa', description: 'Truyền thanh xã: soạn, hẹn giờ, phát và biết chắc đã phát.', lang: 'vi', dir: 'ltr',
  start_url: '/', scope: '/', display: 'standalone', theme_color: PAPER, background_color: PAPER, categories: ['utilities'],
  icons: [
    ...SIZES.map((size) => ({ src: `/icon-${size}.png`, sizes: `${size}x${size}`, type: 'image/png', purpose: 'any' })),
    ...SIZES.map((size) => ({ src: `/icon-square-${size}.png`, sizes: `${size}x${size}`, type: 'image/png', purpose: 'maskable' })),
  ],
}

export const homeScreen = (): Plugin => ({
  name: 'home-screen',
  apply: 'build',
  async buildStart() {
    if (square === icon) this.error('src/loa.svg has its corners written in another way')
    await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm'))).catch(() => {}) /* once for each process */
    for (const size of SIZES) {
      this.emitFile({ type: 'asset', fileName: `icon-${size}.png`, source: picture(icon, size) })
      this.emitFile({ type: 'asset', fileName: `icon-square-${size}.png`, source: picture(square, size) })
    }
    this.emitFile({ type: 'asset', fileName: 'loa.webmanifest', source: JSON.stringify(MANIFEST) })
  },
  transformIndexHtml: () => [
    { tag: 'link', attrs: { rel: 'manifest', href: './loa.webmanifest' }, injectTo: 'head' },
    { tag: 'link', attrs: { rel: 'apple-touch-icon', href: './icon-square-192.png' }, injectTo: 'head' },
  ],
})
