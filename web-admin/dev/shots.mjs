// Pictures of home, compose and log at phone and desktop width from a running controller:
// node dev/shots.mjs http://127.0.0.1:8080 LOGIN PASSWORD ../docs/screenshots [log-query]
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [origin, login, password, folder, query = ''] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node dev/shots.mjs ORIGIN LOGIN PASSWORD FOLDER [LOG-QUERY]')
  process.exit(2)
}
mkdirSync(folder, { recursive: true })
const ARGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS })
for (const [size, width, height] of [['phone', 390, 844], ['desktop', 1280, 800]]) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 1, reducedMotion: 'reduce', locale: 'vi' })
  const page = await context.newPage()
  await page.goto(origin)
  await page.getByTestId('login-name').fill(login)
  await page.getByTestId('login-password').fill(password)
  await page.getByTestId('login-submit').click()
  await page.getByTestId('next').waitFor()
  for (const [name, path] of [['home', ''], ['compose', 'compose'], ['log', `log${query ? `?${query}` : ''}`]]) {
    await page.goto(`${origin}/#/${path}`)
    await page.locator('main h1').first().waitFor()
    await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
    await page.mouse.move(0, 0)
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${folder}/${name}-${size}.png` })
  }
  await context.close()
}
await browser.close()
