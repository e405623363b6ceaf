// Looks at every screen in the real browser: pictures at two sizes, light and dark, axe (WCAG 2.2 AA), CSP
// violations, sideways scroll at 320 px. `npm run look [-- folder [screen ...]]`; needs a built dist.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const [folder = '/tmp/loa-look', ...only] = process.argv.slice(2)
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ARGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const SCREENS = {
  home: '#/', compose: '#/compose', 'compose-text': '#/compose', approvals: '#/approvals', schedule: '#/schedule', stations: '#/stations', station: '#/stations/s4', 'station-add': '#/stations/add',
  log: '#/log', areas: '#/areas', users: '#/users', account: '#/account', more: '#/more', map: '#/stations/map', 'station-import': '#/stations/import', groups: '#/groups', policies: '#/policies', holidays: '#/holidays', settings: '#/settings', audit: '#/audit', help: '#/help?topic=stop', edit: '#/schedule', evidence: '#/log', login: null, setup: null,
}
const SIZES = [[390, 844], [1280, 800]]
const NOW = '2026-11-22T17:13:00+07:00'
mkdirSync(folder, { recursive: true })

function mock(port, env) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('mock.mjs', import.meta.url))], { env: { ...process.env, PORT: String(port), MOCK_NOW: NOW, ...env } })
  return new Promise((resolve) => child.stdout.once('data', () => resolve(child)))
}
const children = [await mock(8091, {}), await mock(8092, { MOCK_SETUP: '1' })]
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS })
let bad = 0
const say = (...words) => { bad++; console.log('BAD ', ...words) }

async function visit(page, name) {
  const origin = `http://127.0.0.1:${name === 'setup' ? 8092 : 8091}`
  await page.goto(`${origin}/${SCREENS[name] ?? ''}`)
  if (name === 'login' || name === 'setup') return page.getByTestId(`${name}-submit`).waitFor()
  await page.locator('main h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
  if (name === 'compose-text') {
    await page.getByTestId('type-button').click()
    await page.getByTestId('text-input').fill('Trạm y tế xã tiêm phòng cho trẻ em lúc 7h30 ngày 5/12 tại nhà văn hoá thôn Thượng. Mời bà con đưa trẻ đến đúng giờ.')
    await page.getByTestId('title-input').fill('Tiêm phòng tháng 12')
    await page.getByTestId('when-weekly').check()
    for (const n of [4, 0, 2]) await page.getByTestId(`weekday-${n}`).click()
    await page.getByTestId('time-input').fill('17:30')
    await page.getByTestId('waveform').waitFor()
  }
  if (name === 'edit') {
    await page.locator('[data-testid=week-item]:visible, [data-testid=agenda-item]:visible').last().click()
    await page.getByTestId('edit-broadcast').click()
    await page.getByTestId('edit-time').fill('18:10')
    await page.getByTestId('edit-check').click()
    await page.getByTestId('edit-verdict').waitFor()
  }
  if (name === 'evidence') {
    await page.locator('[data-testid=log-row][data-outcome=missed]').first().click()
    await page.getByTestId('evidence').waitFor()
  }
  await page.waitForTimeout(150)
}

try {
  for (const scheme of ['light', 'dark'])
    for (const [width, height] of SIZES) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: 1, reducedMotion: 'reduce', bypassCSP: false })
      await context.addCookies([{ name: 'loa_session', value: 'mai', url: 'http://127.0.0.1:8091' }])
      for (const name of Object.keys(SCREENS)) {
        if (only.length > 0 && !only.includes(name)) continue
        const own = name === 'login' || name === 'setup' ? await browser.newContext({ viewport: { width, height }, colorScheme: scheme }) : context
        const page = await own.newPage()
        page.on('console', (m) => { if (m.type() === 'error' && !/status of 401/.test(m.text())) say(name, scheme, width, m.text()) })
        page.on('pageerror', (e) => say(name, scheme, width, 'exception', e.message))
        await visit(page, name)
        await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png` })
        await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}-full.png`, fullPage: true })
        await page.evaluate(AXE)
        const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
        for (const v of found.violations) say(name, scheme, width, v.id, v.help, v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary?.split('\n')[1] ?? ''}`).join(' | '))
        if (width === 390 && scheme === 'light') {
          await page.setViewportSize({ width: 320, height: 640 })
          const wide = await page.evaluate(() => document.documentElement.scrollWidth)
          if (wide > 320) say(name, 'scrolls sideways at 320 px:', wide)
          const small = await page.evaluate(() =>
            [...document.querySelectorAll('button, .btn, select, input:not([type=checkbox],[type=radio]), nav a')].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5 && !e.classList.contains('hide')).map((e) => e.outerHTML.slice(0, 90)))
          if (small.length > 0) say(name, 'targets below 44 px:', small.join(' || '))
          await page.screenshot({ path: `${folder}/${name}-320.png`, fullPage: true })
        }
        await page.close()
        if (own !== context) await own.close()
      }
      await context.close()
    }
} finally {
  await browser.close()
  for (const child of children) child.kill()
}
console.log(bad === 0 ? 'all screens: axe 0, CSP 0, console errors 0' : `${bad} findings`)
process.exit(bad === 0 ? 0 : 1)
