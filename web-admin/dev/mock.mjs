// A stand-in for the controller while working on the panel: `npm run mock`, then `npm run dev` or
// http://127.0.0.1:8090 for the built files under the real security headers. Not shipped.
// Log in as mai (operator who approves alone), lan (leader) or binh (operator who must ask); any password.
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seed } from './mock-data.mjs'

const PORT = Number(process.env.PORT ?? 8090)
const DIST = fileURLToPath(new URL('../dist/', import.meta.url))
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const now = () => (process.env.MOCK_NOW ? Date.parse(process.env.MOCK_NOW) : Date.now())
const data = seed(now(), { setup: process.env.MOCK_SETUP === '1' })
const uploads = new Map()
const streams = new Set()
let counter = 100
const fresh = (p) => `${p}${++counter}`
const iso = (ms) => new Date(ms).toISOString()

function changed(...what) {
  for (const stream of streams) stream.write(`event: changed\ndata: ${JSON.stringify({ what })}\n\n`)
}
setInterval(() => streams.forEach((s) => s.write(': alive\n\n')), 15_000).unref()

const page = (items) => ({ items, next: null, total: items.length })
class Refusal extends Error {
  constructor(status, slug, title, detail, errors) {
    super(title)
    this.status = status
    this.body = { type: `/problems/${slug}`, title, status, detail, ...(errors && { errors }) }
  }
}
const find = (list, id) => list.find((x) => x.id === id) ?? (() => { throw new Refusal(404, 'not-found', 'Không tìm thấy', 'Mục này không còn nữa.') })()
const within = (area, top) => !top || area === top || (data.areas.find((a) => a.id === area)?.parent && within(data.areas.find((a) => a.id === area).parent, top))

function me(request) {
  const login = /loa_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
  const user = data.users.find((u) => u.login === login)
  if (!user) throw new Refusal(401, 'not-logged-in', 'Chưa đăng nhập', 'Hãy đăng nhập.')
  return { ...user, areas: data.areas, server_time: iso(now()) }
}

function airingsOf(broadcast, bulletin) {
  const at = Date.parse(broadcast.when.at)
  return data.stations.filter((s) => broadcast.targets.some((t) => t.id === s.id || within(s.area, t.id))).map((s) => ({
    id: fresh('ai'), broadcast: broadcast.id, title: bulletin.title, class: broadcast.class, station: s.id, station_name: s.name, area: s.area,
    planned_start: iso(at), outcome: 'upcoming', reason: null, reason_text: null, started_at: null, ended_at: null, late_by_ms: null,
    duration_ms: bulletin.duration_ms, author: bulletin.author.name, approver: bulletin.approver?.name ?? null, evidence: null, receipt: null,
  }))
}

/* Reads a text aloud: 15 characters a second, and the tone stands for the voice. */
function speak(bulletin, text) {
  const length = [...text].length
  if (length > 5000) throw new Refusal(422, 'invalid', 'Có mục chưa đúng', 'Xem từng mục.', [{ pointer: '/text', detail: 'Nhiều nhất 5000 ký tự.' }])
  if (/x-refused/.test(text)) throw new Refusal(422, 'invalid', 'Có mục chưa đúng', 'Xem từng mục.', [{ pointer: '/text', detail: 'Không có chữ nào đọc được.' }])
  Object.assign(bulletin, { text, version: fresh('v'), audio: 'working', audio_progress: 0 })
  const { version } = bulletin
  setTimeout(() => {
    if (bulletin.version !== version) return
    Object.assign(bulletin, { audio: 'ready', audio_progress: 1, duration_ms: Math.max(1000, Math.round(length * 66)) })
    changed('bulletins')
  }, 700)
}

const routes = {
  'GET /api/setup': () => ({ needed: data.setup }),
  'POST /api/setup': ({ body, reply }) => {
    if (body.token !== 'TOKEN') throw new Refusal(422, 'invalid', 'Có mục chưa đúng', 'Xem từng mục.', [{ pointer: '/token', detail: 'Mã cài đặt không đúng.' }])
    data.setup = false
    return routes['POST /api/session']({ body: { login: 'mai', password: 'x' }, reply })
  },
  'POST /api/session': ({ body, reply }) => {
    const user = data.users.find((u) => u.login === body.login)
    if (!user || body.password === 'wrong') throw new Refusal(401, 'wrong-login', 'Sai tên đăng nhập hoặc mật khẩu', 'Kiểm tra phím Caps Lock rồi thử lại.')
    reply.setHeader('Set-Cookie', `loa_session=${user.login}; HttpOnly; SameSite=Strict; Path=/`)
    return { ...user, areas: data.areas, server_time: iso(now()) }
  },
  'DELETE /api/session': ({ reply }) => void reply.setHeader('Set-Cookie', 'loa_session=; Max-Age=0; Path=/'),
  'GET /api/me': ({ request }) => me(request),
  'PATCH /api/me': ({ request, body }) => {
    Object.assign(find(data.users, me(request).id), body)
    return me(request)
  },
  'GET /api/users': () => page(data.users.map(({ may: _may, ...u }) => u)),
  'POST /api/users': ({ body }) => {
    if (body.password.length < 10) throw new Refusal(422, 'invalid', 'Có mục chưa đúng', 'Xem từng mục.', [{ pointer: '/password', detail: 'Mật khẩu cần ít nhất 10 ký tự.' }])
    const user = { id: fresh('u'), language: 'vi', may: ['view'], disabled: false, may_change: true, password_change_needed: false, ...body }
    data.users.push(user)
    return user
  },
  'POST /api/me/password': ({ body }) => {
    if (body.old === 'wrong') throw new Refusal(422, 'invalid', 'Có mục chưa đúng', 'Xem từng mục.', [{ pointer: '/old', detail: 'Mật khẩu hiện tại không đúng.' }])
  },
  'POST /api/me/totp': () => ({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', uri: 'otpauth://totp/Loa:mai?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Loa&algorithm=SHA1&digits=6&period=30' }),
  'POST /api/me/totp/confirm': ({ request, body }) => {
    if (!/^\d{6}$/.test(body.code)) throw new Refusal(422, 'invalid', 'Có mục chưa đúng', 'Xem từng mục.', [{ pointer: '/code', detail: 'Mã không đúng.' }])
    Object.assign(find(data.users, me(request).id), { totp: true, recovery_codes_left: 10 })
    return { recovery_codes: Array.from({ length: 10 }, (_, i) => `k7mx-42pq-n8sd-${1000 + i}`) }
  },
  'POST /api/me/totp/off': ({ request }) => void (find(data.users, me(request).id).totp = false),
  'POST /api/me/recovery-codes': () => ({ recovery_codes: Array.from({ length: 10 }, (_, i) => `p7mx-42pq-n8sd-${1000 + i}`) }),
  'GET /api/access-policy': () => ({ totp_for_administrators: false }),
  'PATCH /api/access-policy': ({ body }) => body,
  'GET /api/sessions': () => page(data.sessions),
  'DELETE /api/sessions': () => void data.sessions.splice(1),
  'DELETE /api/sessions/:id': ({ id }) => void data.sessions.splice(data.sessions.indexOf(find(data.sessions, id)), 1),
  'PATCH /api/users/:id': ({ id, body }) => Object.assign(find(data.users, id), body),
  'POST /api/users/:id/reset-password': () => ({ password: 'k7mx-42pq-n8sd' }),
  'GET /api/tokens': () => page(data.tokens),
  'POST /api/tokens': ({ body }) => {
    const token = { id: fresh('t'), name: body.name, may: body.may ?? ['view', 'schedule'], created_at: iso(now()), expires_at: body.expires_at ?? null, used_at: null, used_from: null }
    data.tokens.unshift(token)
    return { ...token, token: `loa_${'5e'.repeat(32)}` }
  },
  'DELETE /api/tokens/:id': ({ id }) => void data.tokens.splice(data.tokens.indexOf(find(data.tokens, id)), 1),
  'GET /api/areas': () => page(data.areas),
  'POST /api/areas': ({ body }) => {
    const area = { id: fresh('a'), zone: 'Asia/Ho_Chi_Minh', one_person_approves: false, ...body }
    data.areas.push(area)
    return area
  },
  'PATCH /api/areas/:id': ({ id, body }) => Object.assign(find(data.areas, id), body),
  'GET /api/stations': ({ query }) => page(data.stations.filter((s) => within(s.area, query.get('area')))),
  'GET /api/stations/:id': ({ id }) => ({ ...find(data.stations, id), recent: data.airings.filter((a) => a.station === id).slice(0, 20) }),
  'PATCH /api/stations/:id': ({ id, body }) => {
    changed('stations')
    return Object.assign(find(data.stations, id), body)
  },
  'POST /api/stations/:id/retire': ({ id }) => {
    const station = find(data.stations, id)
    data.stations.splice(data.stations.indexOf(station), 1)
    changed('stations')
    return station
  },
  'GET /api/enrolments': () => page(data.enrolments),
  'POST /api/enrolments/:id': ({ id, body }) => {
    if (id !== 'K7MX42PQ') throw new Refusal(404, 'code-unknown', 'Không có mã này', 'Xem lại mã trên trạm; mã đổi sau mỗi 15 phút.')
    const station = { ...structuredClone(data.stations[1]), id: fresh('s'), name: body.name, area: body.area, state: 'never', last_contact: null, faults: [] }
    data.stations.push(station)
    changed('stations')
    return station
  },
  'GET /api/bulletins': ({ query }) => page(data.bulletins.filter((b) => (!query.get('state') || b.state === query.get('state')) && within(b.area, query.get('area')))),
  'GET /api/bulletins/:id': ({ id }) => find(data.bulletins, id),
  'POST /api/bulletins': ({ request, body }) => {
    const sound = uploads.get(body.upload)
    if (!sound && !body.text) throw new Refusal(422, 'invalid', 'Có mục chưa đúng', '', [{ pointer: '/upload', detail: 'Không còn tệp đã gửi. Hãy gửi lại.' }])
    const { id, name } = me(request)
    const bulletin = {
      ...data.blank, id: fresh('b'), title: body.title, area: body.area, author: { id, name }, created_at: iso(now()),
    }
    if (body.text) speak(bulletin, body.text)
    data.bulletins.unshift(bulletin)
    if (!sound) return bulletin
    Object.assign(bulletin, { audio: 'working', audio_progress: 0.2 })
    data.sounds.set(bulletin.id, sound)
    setTimeout(() => {
      Object.assign(bulletin, /x-broken/.test(sound.type) ? { audio: 'failed', audio_error: `${body.title}: không phải tệp âm thanh.` } : { audio: 'ready', audio_progress: 1, duration_ms: 6200 })
      changed('bulletins')
    }, 700)
    return bulletin
  },
  'PATCH /api/bulletins/:id': ({ id, body }) => {
    const bulletin = Object.assign(find(data.bulletins, id), body, { state: 'draft', version: fresh('v') })
    if (body.text) speak(bulletin, body.text)
    return bulletin
  },
  'GET /api/bulletins/:id/peaks': ({ id }) => {
    const { audio, duration_ms } = find(data.bulletins, id)
    if (audio !== 'ready') throw new Refusal(404, 'not-found', 'Chưa có âm thanh', '')
    return { duration_ms, peaks: data.peaks(800) }
  },
  'GET /api/bulletins/:id/versions': ({ id }) => {
    const b = find(data.bulletins, id)
    return page([{ version: b.version, number: 1, title: b.title, language: b.language, text: b.text, state: b.state, audio: b.audio, duration_ms: b.duration_ms,
      author: b.author.name, created_at: b.created_at, airs: b.state === 'approved', steps: [] }])
  },
  'POST /api/bulletins/:id/withdraw': ({ id }) => {
    changed('bulletins')
    return Object.assign(find(data.bulletins, id), { state: 'withdrawn' })
  },
  'GET /api/inbox': ({ request }) => {
    const person = me(request)
    const items = person.may.includes('approve_content') ? data.bulletins.filter((b) => b.state === 'submitted').map((b) => ({
      id: b.id, title: b.title, area: b.area, area_name: b.area_name, by: b.author.name, since: b.created_at,
      object: { ...b, approval: { needed: 1, given: [], scope: b.area, scope_name: b.area_name, class: 'normal', covered: false,
        may_approve: b.author.id !== person.id, why_not: b.author.id === person.id ? 'own' : null } },
    })) : []
    return { total: items.length, kinds: [{ kind: 'approval', items }, { kind: 'wider', items: [] }, { kind: 'acceptance', items: [] }] }
  },
  'GET /api/roles': () => ({ verbs: [{ verb: 'view', text: 'Xem' }], roles: [{ role: 'viewer', text: 'Chỉ xem', verbs: ['view'] }] }),
  'GET /api/programmes': () => page([]),
  'GET /api/programme-templates': () => page([]),
  'GET /api/areas/:id/lead-in-tune': ({ id }) => ({ area: id, own: null, effective: null }),
  'POST /api/broadcasts/check': () => ({ stations: data.stations.length, airings: data.stations.length, from: iso(now()), to: iso(now()), own: [], others: [],
    own_total: 0, others_total: 0, clear: true, nearest_free: null }),
  'POST /api/bulletins/:id/submit': ({ id }) => Object.assign(find(data.bulletins, id), { state: 'submitted' }),
  'POST /api/bulletins/:id/approve': ({ id, request }) => {
    const bulletin = find(data.bulletins, id)
    const person = me(request)
    if (!person.may.includes('approve_content')) throw new Refusal(403, 'forbidden', 'Không có quyền duyệt', 'Nhờ lãnh đạo duyệt.')
    changed('bulletins')
    return Object.assign(bulletin, { state: 'approved', approver: { id: person.id, name: person.name } })
  },
  'POST /api/bulletins/:id/reject': ({ id, body }) => {
    changed('bulletins')
    return Object.assign(find(data.bulletins, id), { state: 'rejected', reject_reason: body.reason })
  },
  'GET /api/broadcasts': ({ query }) => page(data.broadcasts.filter((b) => b.state !== 'deleted' && within(b.area, query.get('area')))),
  'POST /api/broadcasts': ({ body, request }) => {
    const bulletin = find(data.bulletins, body.bulletin)
    const at = body.when.kind === 'now' ? iso(now() + 15_000) : body.when.kind === 'rule' ? body.when.start : body.when.at
    if (body.when.kind === 'rule' && !/^FREQ=WEEKLY;BYDAY=(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$/.test(body.when.rrule)) throw new Refusal(422, 'invalid', 'Có mục chưa đúng', '', [{ pointer: '/when/rrule', detail: 'Quy tắc lặp không đọc được.' }])
    if (Date.parse(at) < now()) throw new Refusal(422, 'invalid', 'Có mục chưa đúng', '', [{ pointer: '/when/at', detail: 'Giờ phát đã qua.' }])
    const { id, name } = me(request)
    const broadcast = {
      tolerance_s: 600, gain_db: 0, class: 'normal', ...body, id: fresh('r'), title: bulletin.title, when: { until: null, ...body.when, at },
      state: bulletin.state === 'approved' ? 'active' : 'waiting_approval', created_by: { id, name }, created_at: iso(now()), next_start: at,
    }
    data.broadcasts.push(broadcast)
    data.airings.unshift(...airingsOf(broadcast, bulletin))
    changed('broadcasts', 'airings')
    return broadcast
  },
  'DELETE /api/broadcasts/:id': ({ id }) => {
    find(data.broadcasts, id).state = 'deleted'
    changed('broadcasts', 'airings')
  },
  'GET /api/airings': ({ query }) => page(data.airings.filter((a) =>
    ['station', 'broadcast', 'outcome'].every((n) => !query.get(n) || a[n] === query.get(n)) && within(a.area, query.get('area')) &&
    (!query.get('from') || Date.parse(a.planned_start) >= Date.parse(query.get('from'))) && (!query.get('to') || Date.parse(a.planned_start) < Date.parse(query.get('to'))))),
  'GET /api/home/since': () => ({ since: iso(now() - 86_400_000), missed: 1, partial: 1, unknown: 0, items: [
    { broadcast: 'r1', title: 'Bản tin xã buổi sáng', start: iso(now() - 12 * 3_600_000), outcome: 'missed', reason: 'device_fault', reason_text: 'Hỏng thiết bị âm thanh', stations: 1 },
    { broadcast: 'r4', title: 'Mời họp hội người cao tuổi', start: iso(now() - 30 * 3_600_000), outcome: 'partial', reason: 'no_power', reason_text: 'Mất điện', stations: 1 }] }),
  'GET /api/home/again': () => ({ items: [{ broadcast: 'r1', bulletin: data.bulletins[0].id, programme: null, title: 'Bản tin xã buổi sáng', area: data.areas[0].id,
    targets: [{ kind: 'area', id: data.areas[0].id, exclude: false }], start: iso(now() - 20 * 3_600_000), duration_ms: 95_000 }] }),
  'GET /api/schedule': ({ query }) => page(data.week(Date.parse(query.get('from')), Date.parse(query.get('to')))),
  'POST /api/broadcasts/check': () => ({ stations: 4, airings: 1, from: iso(now()), to: iso(now()), own: [], own_total: 0, others: [{ broadcast: 'r3', title: 'Cảnh báo mưa lớn diện rộng', class: 'priority', planned_start: iso(now()), outcome: 'moved', from: null, until: null, length_s: 480, moved_s: 300, why: { code: 'moved', vi: 'Lùi lại sau bản tin trước.', en: 'Moved behind the one before.', by: null }, stations: 4 }], others_total: 1, clear: false, nearest_free: iso(now() + 7_200_000) }),
  'PATCH /api/broadcasts/:id': ({ id }) => find(data.broadcasts, id),
  'GET /api/broadcasts/:id': ({ id }) => find(data.broadcasts, id),
  'GET /api/map': () => data.map,
  'GET /api/stations/:id/agenda': ({ id, query }) => ({ station: id, zone: 'Asia/Ho_Chi_Minh', from: query.get('from'), to: query.get('to'), ...data.agenda(Date.parse(query.get('from'))) }),
  'GET /api/areas/:id/policy': ({ id }) => ({ area: id, own: data.policy, effective: { ...data.policy, windows: [data.policy.windows] } }),
  'PUT /api/areas/:id/policy': ({ id, body }) => (Object.assign(data.policy, body), { area: id, own: data.policy, effective: { ...data.policy, windows: [data.policy.windows] } }),
  'GET /api/groups': () => page(data.groups),
  'GET /api/holidays': () => page(data.holidays),
  'GET /api/settings': () => ({ ...data.settings, may_change: true }),
  'PATCH /api/settings': ({ body }) => ({ ...Object.assign(data.settings, body), may_change: true }),
  'GET /api/audit': () => page(data.audit),
  'GET /api/sources': () => page([]),
  'GET /api/roles': () => data.roles,
  'GET /api/airing-groups': ({ query }) => {
    const groups = new Map()
    for (const a of data.airings.filter((one) => within(one.area, query.get('area')) && (!query.get('broadcast') || one.broadcast === query.get('broadcast')) &&
      (!query.get('from') || Date.parse(one.planned_start) >= Date.parse(query.get('from'))) && (!query.get('to') || Date.parse(one.planned_start) < Date.parse(query.get('to'))))) {
      const key = `${Date.parse(a.planned_start)} ${a.broadcast}`
      const group = groups.get(key) ?? { broadcast: a.broadcast, title: a.title, class: a.class, planned_start: a.planned_start, duration_ms: a.duration_ms, stations: 0, counts: {} }
      group.stations++
      group.counts[a.outcome] = (group.counts[a.outcome] ?? 0) + 1
      groups.set(key, group)
    }
    return page([...groups.values()].filter((g) => !query.get('outcome') || g.counts[query.get('outcome')]).sort((a, b) => Date.parse(b.planned_start) - Date.parse(a.planned_start)))
  },
  'GET /api/airings/:id': ({ id }) => {
    const airing = find(data.airings, id)
    const steps = [['due', airing.planned_start], ['started', airing.started_at], ['ended', airing.ended_at]]
    return { airing, timeline: steps.filter(([, at]) => at).map(([what, at]) => ({ what, at, who: null })), plan: null, ready: null, conflict: false, receipts: [], unreported_sha256: null }
  },
  'GET /api/home': () => ({ ...data.home(now()), server_time: iso(now()) }),
}

const table = Object.entries(routes).map(([key, handler]) => {
  const [method, path] = key.split(' ')
  return { method, pattern: new RegExp(`^${path.replace(':id', '([^/]+)')}$`), handler }
})

async function bodyOf(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

async function tus(request, reply, path) {
  reply.setHeader('Tus-Resumable', '1.0.0')
  if (request.headers['x-loa'] !== '1' && request.method !== 'HEAD') return reply.writeHead(403).end()
  if (request.method === 'POST') {
    const id = fresh('up')
    const type = Buffer.from(/filetype ([\w+/=]+)/.exec(request.headers['upload-metadata'] ?? '')?.[1] ?? '', 'base64').toString()
    uploads.set(id, { length: Number(request.headers['upload-length']), bytes: Buffer.alloc(0), type })
    return reply.writeHead(201, { Location: `/api/uploads/${id}` }).end()
  }
  const upload = uploads.get(path.split('/').pop())
  if (!upload) return reply.writeHead(404).end()
  if (request.method === 'PATCH') upload.bytes = Buffer.concat([upload.bytes, await bodyOf(request)])
  reply.writeHead(request.method === 'PATCH' ? 204 : 200, { 'Upload-Offset': upload.bytes.length, 'Upload-Length': upload.length, 'Cache-Control': 'no-store' }).end()
}

function audio(request, reply, id) {
  const sound = data.sounds.get(id) ?? { bytes: data.tone, type: 'audio/wav' }
  const [, from] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? []
  const start = Number(from ?? 0)
  const head = { 'Content-Type': sound.type, 'Accept-Ranges': 'bytes', 'Content-Length': sound.bytes.length - start }
  if (from !== undefined) head['Content-Range'] = `bytes ${start}-${sound.bytes.length - 1}/${sound.bytes.length}`
  reply.writeHead(from === undefined ? 200 : 206, head).end(sound.bytes.subarray(start))
}

function file(request, reply, path) {
  const name = normalize(join(DIST, path === '/' ? 'index.html' : path))
  if (!name.startsWith(DIST) || !existsSync(name)) return reply.writeHead(404).end()
  const head = { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Cache-Control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache' }
  const packed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') && existsSync(`${name}.br`)
  if (packed) head['Content-Encoding'] = 'br'
  reply.writeHead(200, head).end(readFileSync(packed ? `${name}.br` : name))
}

createServer(async (request, reply) => {
  const { pathname: path, searchParams: query } = new URL(request.url, 'http://mock')
  reply.setHeader('Content-Security-Policy', CSP)
  reply.setHeader('X-Content-Type-Options', 'nosniff')
  if (!path.startsWith('/api')) return file(request, reply, path)
  if (path.startsWith('/api/uploads')) return tus(request, reply, path)
  if (path === '/api/events') {
    reply.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    reply.write(': hello\n\n')
    streams.add(reply)
    return request.on('close', () => streams.delete(reply))
  }
  const sound = /^\/api\/bulletins\/([^/]+)\/audio$/.exec(path)
  if (sound) return audio(request, reply, sound[1])
  const entry = table.find((r) => r.method === request.method && r.pattern.test(path))
  try {
    if (!entry) throw new Refusal(404, 'not-found', 'Không có đường dẫn này', path)
    if (request.method !== 'GET' && request.headers['x-loa'] !== '1') throw new Refusal(403, 'forbidden', 'Thiếu X-Loa', '')
    const raw = await bodyOf(request)
    const answer = entry.handler({ request, reply, query, id: entry.pattern.exec(path)[1], body: raw.length ? JSON.parse(raw) : {} })
    if (answer === undefined) reply.writeHead(204).end()
    else reply.writeHead(request.method === 'POST' ? 201 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer))
  } catch (error) {
    const body = error.body ?? { type: '/problems/internal', title: String(error), status: 500, detail: '' }
    reply.writeHead(body.status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(body))
  }
}).listen(PORT, '127.0.0.1', () => console.log(`mock controller on http://127.0.0.1:${PORT}`))
