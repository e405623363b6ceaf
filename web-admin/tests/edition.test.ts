import { describe, expect, it } from 'vitest'
import { isNewer } from '../src/lib/pure/edition'

const panel = (code: string) => `<!doctype html><html lang="vi"><head><title>Loa</title>
  <script type="module" crossorigin src="./assets/${code}"></script><link rel="manifest" href="./loa.webmanifest"></head><body><div id="app"></div></body></html>`
const OWN = 'index-DBJyY0bw.js'

describe('the page that is served now', () => {
  it('of this edition is no newer one', () => expect(isNewer(panel(OWN), OWN)).toBe(false))
  it('with other code is a newer one', () => expect(isNewer(panel('index-DBJyY0b~.js'), OWN)).toBe(true))
  it.each(['<html><title>Đăng nhập Wi-Fi</title><form action="http://192.168.1.1/login"></form></html>', '<html><body><h1>502 Bad Gateway</h1></body></html>', ''])(
    'that is not the panel at all says nothing about it: %s', (page) => expect(isNewer(page, OWN)).toBe(false))
})
