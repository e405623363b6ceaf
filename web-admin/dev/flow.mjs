// The way of a bulletin through the panel against the mock: log in, record through a (fake) microphone, listen,
// schedule, read the log; then drafts after a reload, refusals next to their field, approval by a second person.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const PORT = 8094
const ARGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required']
const child = spawn(process.execPath, [fileURLToPath(new URL('mock.mjs', import.meta.url))], { env: { ...process.env, PORT: String(PORT) } })
await new Promise((resolve) => child.stdout.once('data', resolve))
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS })
const check = (what, ok, more = '') => {
  console.log(ok ? 'ok  ' : 'FAIL', what, ok ? '' : more)
  if (!ok) process.exitCode = 1
}

async function person(login) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, permissions: ['microphone'] })
  const page = await context.newPage()
  page.on('console', (m) => m.type() === 'error' && !/401|422|404|ERR_INTERNET/.test(m.text()) && check('console is quiet', false, m.text()))
  page.on('pageerror', (e) => check('no exception', false, e.stack))
  page.on('response', async (r) => r.status() >= 400 && r.status() !== 401 && console.log('     ', r.status(), r.request().method(), r.url(), (await r.text()).slice(0, 160)))
  await page.goto(`http://127.0.0.1:${PORT}/`)
  await page.getByTestId('login-name').fill(login)
  await page.getByTestId('login-password').fill('dung')
  await page.getByTestId('login-submit').click()
  await page.getByTestId('server-clock').waitFor()
  return page
}
const id = (page, name) => page.getByTestId(name)
const inHanoi = (ms, options) => new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', ...options }).format(ms)

try {
  const mai = await person('mai')
  await mai.goto(`http://127.0.0.1:${PORT}/#/compose`)
  await id(mai, 'submit-button').click()
  check('an empty form says what is missing', (await mai.locator('[aria-invalid=true]').count()) === 2 && (await id(mai, 'content-error').isVisible()))
  await id(mai, 'record-button').click()
  const levels = []
  for (let i = 0; i < 25; i++) {
    levels.push(Number(await id(mai, 'level-meter').getAttribute('aria-valuenow')))
    await mai.waitForTimeout(100)
  }
  check('the level meter moves', Math.max(...levels) > 40 && Math.min(...levels) < 20, levels.join(' '))
  await id(mai, 'stop-record').click()
  await id(mai, 'listen-own').waitFor()
  await id(mai, 'title-input').fill('Mời họp thôn tối nay')
  await id(mai, 'title-input').blur()
  await mai.locator('[data-testid=sound-state][data-state=ready]').waitFor()
  await mai.waitForTimeout(200)

  await mai.getByTestId('when-once').check()
  const soon = Date.now() + 120_000
  await id(mai, 'date-input').fill(inHanoi(soon, { day: '2-digit', month: '2-digit', year: 'numeric' }))
  await id(mai, 'time-input').fill(inHanoi(soon, { hour: '2-digit', minute: '2-digit', second: '2-digit' }))
  console.log('     ', await id(mai, 'sentence').innerText())
  await mai.waitForTimeout(5500) /* the draft is saved every 5 s */
  await mai.reload()
  await id(mai, 'draft-restored').waitFor()
  check('the draft survives a reload', (await id(mai, 'title-input').inputValue()) === 'Mời họp thôn tối nay')
  await mai.locator('[data-testid=sound-state][data-state=ready]').waitFor()
  await id(mai, 'submit-button').click()
  check('nobody approves unheard', (await id(mai, 'content-error').innerText()).includes('nghe thử'))
  await id(mai, 'listen-button').click()
  await id(mai, 'submit-button').click()
  await id(mai, 'sent').waitFor()
  check('sent and scheduled', (await id(mai, 'sent').getAttribute('data-state')) === 'active')
  await id(mai, 'sent-log').click()
  await id(mai, 'log-row').first().waitFor()
  check('the log has one row for each station', (await id(mai, 'log-row').count()) === 4)
  await id(mai, 'log-row').first().click()
  await id(mai, 'evidence').waitFor()
  await mai.keyboard.press('Escape')
  await mai.goto(`http://127.0.0.1:${PORT}/#/compose`)
  await id(mai, 'record-button').waitFor()
  check('the draft is gone once sent', (await id(mai, 'title-input').inputValue()) === '' && (await id(mai, 'draft-restored').count()) === 0)

  const binh = await person('binh')
  await binh.goto(`http://127.0.0.1:${PORT}/#/compose`)
  await id(binh, 'title-input').fill('Thông báo cắt điện')
  await id(binh, 'file-input').setInputFiles({ name: 'thong-bao.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(300_000, 7) })
  await binh.locator('[data-testid=sound-state][data-state=ready]').waitFor()
  await id(binh, 'where-some').check()
  await id(binh, 'target-area').first().check()
  await id(binh, 'when-daily').check()
  await id(binh, 'time-input').fill('5h30')
  console.log('     ', await id(binh, 'sentence').innerText())
  await id(binh, 'submit-button').click()
  await id(binh, 'sent').waitFor()
  check('without the right it waits for approval', (await id(binh, 'sent').getAttribute('data-state')) === 'waiting_approval')

  const lan = await person('lan')
  await id(lan, 'approvals-link').click()
  const card = id(lan, 'approval').filter({ hasText: 'Thông báo cắt điện' })
  await card.getByTestId('approve-button').click({ force: true })
  check('approval asks to listen first', (await card.locator('.error').count()) === 1)
  await card.getByTestId('listen-button').click()
  await card.getByTestId('approve-button').click()
  await card.waitFor({ state: 'detached' })
  check('approved bulletins leave the list', true)
  const other = id(lan, 'approval').first()
  await other.getByTestId('reject-button').click()
  await other.getByTestId('reject-reason').fill('Sai ngày tiêm.')
  await other.getByTestId('reject-confirm').click()
  await other.waitFor({ state: 'detached' })

  await mai.goto(`http://127.0.0.1:${PORT}/#/stations/add`)
  await id(mai, 'pairing-code').pressSequentially('aaaabbbb')
  await id(mai, 'station-name').fill('Trạm mới')
  await id(mai, 'pairing-submit').click()
  await id(mai, 'problem').waitFor()
  check('a wrong code keeps what was typed', (await id(mai, 'pairing-code').inputValue()) === 'AAAA-BBBB')
  await id(mai, 'pairing-code').fill('k7mx 42pq')
  await id(mai, 'pairing-submit').click()
  await mai.getByRole('heading', { name: 'Trạm mới' }).waitFor()
  await id(mai, 'retire-button').click()
  await id(mai, 'confirm-yes').click()
  await id(mai, 'station-row').first().waitFor()
  await mai.waitForTimeout(300)
  check('a retired station leaves the list', (await id(mai, 'station-row').count()) === 4)

  await mai.goto(`http://127.0.0.1:${PORT}/#/schedule`)
  await id(mai, 'agenda-item').first().click()
  await id(mai, 'delete-broadcast').click()
  await id(mai, 'confirm-yes').click()
  await id(mai, 'broadcast-sheet').waitFor({ state: 'detached' })
  check('a broadcast is deleted after a question', true)

  await mai.goto(`http://127.0.0.1:${PORT}/#/users`)
  for (const [name, value] of [['name', 'Phạm Hoà'], ['login', 'hoa'], ['password', 'ngan']]) await id(mai, `user-${name}`).fill(value)
  await id(mai, 'user-add').click()
  await id(mai, 'field-error').waitFor()
  check('a refusal stands next to its field, input kept', (await id(mai, 'user-login').inputValue()) === 'hoa')
  await mai.goto(`http://127.0.0.1:${PORT}/#/account`)
  await id(mai, 'language-en').click()
  await mai.getByRole('heading', { name: 'Account' }).waitFor()
  check('the language changes at once', (await mai.locator('html').getAttribute('lang')) === 'en')
  await mai.context().setOffline(true)
  await id(mai, 'offline-bar').waitFor()
  check('offline is said', true)
  await mai.context().setOffline(false)
  await id(mai, 'offline-bar').waitFor({ state: 'detached' })
  await id(mai, 'logout').click()
  await id(mai, 'login-submit').waitFor()
  check('logged out', true)
} catch (error) {
  check('the flow', false, error.stack)
} finally {
  await browser.close()
  child.kill()
}
