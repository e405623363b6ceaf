// A commune on a Sunday: four stations (one offline, one with a broken card), a morning that was played, an
// afternoon to come.
const HOUR = 3_600_000
const iso = (ms) => new Date(ms).toISOString()
const ZONE_MS = 7 * HOUR

function tone() {
  const rate = 8000
  const samples = rate * 6
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + samples * 2, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(rate, 24); wav.writeUInt32LE(rate * 2, 28); wav.writeUInt16LE(2, 32); wav.writeUInt16LE(16, 34)
  wav.write('data', 36); wav.writeUInt32LE(samples * 2, 40)
  for (let i = 0; i < samples; i++) wav.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + 2 * i)
  return wav
}

const area = (id, parent, name, kind, alone = false) => ({ id, parent, name, kind, zone: 'Asia/Ho_Chi_Minh', one_person_approves: alone })
const ALL = ['view', 'manage_areas', 'manage_users', 'manage_stations', 'create_content', 'approve_content', 'schedule', 'audit']
const user = (id, name, login, role, may, top, topName) => ({ id, name, login, phone: null, language: 'vi', grants: [{ role, area: top, area_name: topName }], may, disabled: false, password_change_needed: false, totp: false, totp_needed: false, recovery_codes_left: 0, may_change: true })

export function seed(now, { setup }) {
  const midnight = Math.floor((now + ZONE_MS) / (24 * HOUR)) * 24 * HOUR - ZONE_MS
  const at = (h, m = 0) => midnight + h * HOUR + m * 60_000
  const areas = [area('a1', null, 'Xã Đông Hưng', 'commune', true), area('a2', 'a1', 'Thôn Thượng', 'village'), area('a3', 'a1', 'Thôn Hạ', 'village')]
  const users = [
    user('u1', 'Trần Thị Mai', 'mai', 'administrator', ALL, 'a1', 'Xã Đông Hưng'),
    user('u2', 'Nguyễn Văn Lân', 'lan', 'commune_leader', ['view', 'approve_content', 'audit'], 'a1', 'Xã Đông Hưng'),
    user('u3', 'Lê Thanh Bình', 'binh', 'commune_operator', ['view', 'create_content', 'schedule'], 'a1', 'Xã Đông Hưng'),
  ]
  const mai = { id: 'u1', name: 'Trần Thị Mai' }
  const binh = { id: 'u3', name: 'Lê Thanh Bình' }
  const station = (id, name, place, placeName, more = {}) => ({
    id, name, area: place, area_name: placeName, state: 'online', last_contact: iso(now - 12_000), now_playing: null, level_dbfs: -17.2, volume_db: -3,
    plan: { version: 41, current: true }, media: { ready: 6, missing: 0 }, clock: { trust: 3, error_ms: 4 }, receipts_waiting: 0,
    storage_free_bytes: 21_400_000_000, software: '0.1.0', model: 'Loa bàn thử', serial: `LB-00${id.slice(1)}`, amplifier: 'off', faults: [], accepted_at: iso(now - 90 * 24 * HOUR), ...more,
  })
  const stations = [
    station('s4', 'Ngã tư chợ Hạ', 'a3', 'Thôn Hạ', { faults: [{ code: 'device_fault', since: iso(at(5)), text: 'Card âm thanh không trả lời.', next_step: 'Kiểm tra giắc USB của card âm thanh, cắm lại rồi chờ 1 phút.' }], amplifier: 'unknown', level_dbfs: null }),
    station('s3', 'Thôn Thượng 2', 'a2', 'Thôn Thượng', { state: 'offline', last_contact: iso(at(6, 5)), plan: { version: 40, current: false }, media: { ready: 5, missing: 1 } }),
    station('s1', 'Nhà văn hoá thôn Thượng', 'a2', 'Thôn Thượng', { now_playing: { airing: 'x', title: 'Tiếp âm Đài tỉnh' }, amplifier: 'on' }),
    station('s2', 'UBND xã', 'a1', 'Xã Đông Hưng'),
  ]
  const peaks = (n) => Array.from({ length: 2 * n }, (_, i) => {
    const c = i >> 1
    const loud = Math.round(118 * Math.abs(Math.sin(c / 9)) * (0.45 + 0.55 * Math.abs(Math.sin(c * 2.7)))) * (c % 130 < 118 ? 1 : 0)
    return i % 2 ? loud : -loud
  })
  const blank = {
    id: '', version: 'v1', title: '', language: 'vi', area: 'a1', area_name: 'Xã Đông Hưng', text: null, state: 'draft', audio: 'none', audio_progress: null, audio_error: null, duration_ms: null,
    loudness_lufs: -16, sha256: null, valid_from: null, valid_until: null, author: mai, approver: null, reject_reason: null, created_at: iso(now), updated_at: iso(now),
  }
  const bulletin = (id, title, minutes, more = {}) => ({ ...blank, id, title, state: 'approved', audio: 'ready', duration_ms: minutes * 60_000, author: binh, approver: mai, ...more })
  const bulletins = [
    bulletin('b5', 'Lịch tiêm phòng trẻ em tháng 12', 3, { state: 'submitted', approver: null, text: 'Trạm y tế xã tiêm phòng cho trẻ em vào 7h30 ngày 5/12.\nMời bà con đưa trẻ đến đúng giờ, nhớ mang sổ tiêm.' }),
    bulletin('b1', 'Bản tin xã buổi sáng', 15), bulletin('b2', 'Bản tin xã buổi chiều', 15), bulletin('b3', 'Cảnh báo mưa lớn diện rộng', 8), bulletin('b4', 'Mời họp hội người cao tuổi', 4),
    bulletin('b6', 'Tiếp âm Đài tỉnh', 30),
  ]
  const rule = (id, b, kind, start, more = {}) => ({
    id, bulletin: b, title: bulletins.find((x) => x.id === b).title, area: 'a1', targets: [{ kind: 'area', id: 'a1', exclude: false }],
    when: { kind, at: iso(start), until: null }, class: 'normal', tolerance_s: 600, gain_db: 0, state: 'active', created_by: mai, created_at: iso(now - HOUR), next_start: iso(start > now ? start : start + 24 * HOUR), ...more,
  })
  const broadcasts = [
    rule('r1', 'b1', 'daily', at(5) - 14 * 24 * HOUR), rule('r2', 'b2', 'daily', at(17, 30) - 14 * 24 * HOUR), rule('r3', 'b3', 'once', at(17, 40), { class: 'priority' }),
    rule('r4', 'b4', 'once', at(11) - 24 * HOUR, { state: 'ended', next_start: null }), rule('r5', 'b5', 'once', at(17) + 24 * HOUR, { state: 'waiting_approval', created_by: binh }),
    rule('r6', 'b6', 'daily', at(17) - 14 * 24 * HOUR),
    rule('r7', 'b4', 'rule', at(19) - 14 * 24 * HOUR, { when: { kind: 'rule', at: iso(at(19) - 14 * 24 * HOUR), until: null, start: iso(at(19) - 14 * 24 * HOUR), rrule: 'FREQ=WEEKLY;BYDAY=TU,FR' } }),
  ]
  let counter = 1200
  const airing = (id, r, start, s, outcome, more = {}) => {
    const b = broadcasts.find((x) => x.id === r)
    const done = outcome === 'played'
    return {
      id, broadcast: r, title: b.title, class: b.class, station: s.id, station_name: s.name, area: s.area, planned_start: iso(start), outcome, reason: null, reason_text: null,
      started_at: done ? iso(start) : null, ended_at: done ? iso(start + 15 * 60_000) : null, late_by_ms: done ? 0 : null, duration_ms: 15 * 60_000, author: binh.name, approver: mai.name,
      evidence: done ? { grade: 2, rms_dbfs: -19.3, peak_dbfs: -3.1, frames: 43_200_000, xruns: 0, mixer_db: -3, mixer_muted: false, amplifier: 'on', clock_trust: 3 } : null,
      receipt: done ? { station: s.id, counter: ++counter } : null, ...more,
    }
  }
  const [s4, s3, s1, s2] = stations
  const gone = { reason: 'device_fault', reason_text: 'Hỏng thiết bị âm thanh: card không trả lời', receipt: { station: 's4', counter: 877 } }
  const airings = [
    ...[s1, s2, s3, s4].map((s, i) => airing(`f${i}`, 'r2', at(17, 30), s, 'upcoming')),
    ...[s1, s2, s3, s4].map((s, i) => airing(`g${i}`, 'r3', at(17, 40), s, 'upcoming')),
    airing('m1', 'r1', at(5), s1, 'played'), airing('m2', 'r1', at(5), s2, 'played'), airing('m3', 'r1', at(5), s3, 'played'), airing('m4', 'r1', at(5), s4, 'missed', gone),
    airing('y1', 'r4', at(11) - 24 * HOUR, s1, 'played'), airing('y2', 'r4', at(11) - 24 * HOUR, s2, 'partial', { reason: 'no_power', reason_text: 'Mất điện sau 2 phút 10 giây', started_at: iso(at(11) - 24 * HOUR) }),
    airing('y3', 'r4', at(11) - 24 * HOUR, s3, 'unknown'), airing('y4', 'r4', at(11) - 24 * HOUR, s4, 'cancelled'),
    airing('n1', 'r6', at(17), s1, 'playing', { started_at: iso(at(17)) }), airing('n2', 'r6', at(17), s2, 'playing'), airing('n3', 'r6', at(17), s3, 'unknown'), airing('n4', 'r6', at(17), s4, 'missed', gone),
  ]
  const count = (list) => list.reduce((c, a) => ({ ...c, [a.outcome]: (c[a.outcome] ?? 0) + 1 }), {})
  const home = (moment) => ({
    zone: 'Asia/Ho_Chi_Minh',
    now: moment >= at(17) && moment < at(17, 30) ? [{ broadcast: 'r6', title: 'Tiếp âm Đài tỉnh', started_at: iso(at(17)), ends_at: iso(at(17, 30)), stations: { planned: 4, playing: 2, failed: 1 } }] : [],
    strip: [['r1', at(5), 15], ['r6', at(17), 30], ['r2', at(17, 30), 15], ['r3', at(17, 40), 8]].map(([r, start, minutes]) => {
      const list = airings.filter((a) => a.broadcast === r && Date.parse(a.planned_start) === start)
      return { broadcast: r, title: list[0].title, class: list[0].class, start: iso(start), duration_ms: minutes * 60_000, stations: 4, counts: count(list) }
    }),
    attention: stations.filter((s) => s.state !== 'online' || s.faults.length > 0),
    next: [{ broadcast: 'r2', title: 'Bản tin xã buổi chiều', start: iso(at(17, 30)), stations: 4, ready: 3 }, { broadcast: 'r3', title: 'Cảnh báo mưa lớn diện rộng', start: iso(at(17, 40)), stations: 4, ready: 4 }, { broadcast: 'r5', title: 'Lịch tiêm phòng trẻ em tháng 12', start: iso(at(17) + 24 * HOUR), stations: 4, ready: 0 }],
    counts: { stations: stations.length, online: stations.filter((s) => s.state === 'online').length, fine: stations.filter((s) => s.state === 'online' && s.faults.length === 0).length },
  })
  const enrolments = [{ model: 'Loa bàn thử', serial: 'LB-0090', software: '0.1.0', waiting_since: iso(now - 600_000) }]
  const tokens = [{ id: 't1', name: 'Bảng tin điện tử', may: ['view'], created_at: iso(now - 24 * HOUR), expires_at: iso(now + 89 * 24 * HOUR), used_at: iso(now - HOUR), used_from: '10.0.0.7' }]
  const login = (id, device, current, seen) => ({ id, device, remote: '10.0.0.7', created_at: iso(now - 5 * HOUR), seen_at: iso(now - seen), current })
  const sessions = [login('se1', 'Chrome · Android', true, 0), login('se2', 'Edge · Windows', false, 2 * HOUR), login('se3', 'Cốc Cốc · Windows', false, 4 * HOUR)]
  const week = (from, to) => broadcasts.flatMap((b) => {
    const first = Date.parse(b.when.at), length = (bulletins.find((x) => x.id === b.bulletin)?.duration_ms ?? 0)
    const one = (start) => ({ broadcast: b.id, recurrence_id: iso(start), start: iso(start), duration_ms: length, plays: b.id !== 'r7' || new Date(start).getUTCDay() !== 5, moved: false, reason_text: b.id === 'r7' && new Date(start).getUTCDay() === 5 ? 'Nghỉ lễ' : null })
    const days = b.when.kind === 'once' ? [first] : Array.from({ length: 60 }, (_, n) => first + n * 24 * HOUR).filter((t) => b.when.kind === 'daily' || [2, 5].includes(new Date(t).getUTCDay()))
    return days.filter((t) => t >= from && t < to).map(one)
  })
  const ring = (lat, lon, r) => [Array.from({ length: 25 }, (_, i) => [lon + r * Math.cos((i * Math.PI) / 12) * (1 + 0.12 * Math.sin(i)), lat + r * Math.sin((i * Math.PI) / 12)])]
  const map = {
    areas: { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { id: 'a1', name: 'Xã Đông Hưng', kind: 'commune' }, geometry: { type: 'Polygon', coordinates: ring(20.95, 106.05, 0.04) } }] },
    stations: stations.map((s, i) => ({ id: s.id, name: s.name, lat: 20.93 + 0.012 * i, lon: 106.03 + 0.011 * ((i * 3) % 5), state: s.state, trouble: s.faults.length > 0 })), unplaced: 2,
  }
  const why = (vi) => ({ code: 'x', vi, en: vi, by: null })
  const agenda = (from) => ({
    sounds: [{ airing: 'q1', broadcast: 'r1', title: 'Bản tin xã buổi sáng', class: 'normal', planned_start: iso(from + 5 * HOUR), from: iso(from + 5 * HOUR), until: iso(from + 5.25 * HOUR), item: 0, why: null, end: null },
      { airing: 'q3', broadcast: 'r3', title: 'Cảnh báo mưa lớn diện rộng', class: 'priority', planned_start: iso(from + 17.75 * HOUR), from: iso(from + 17.75 * HOUR), until: iso(from + 17.9 * HOUR), item: 0, why: why('Lùi lại sau “Bản tin xã buổi chiều”, vì bản đó bắt đầu trước.'), end: null }],
    silent: [{ airing: 'q4', broadcast: 'r6', title: 'Tiếp âm Đài tỉnh', class: 'normal', planned_start: iso(from + 22.5 * HOUR), outcome: 'missed', reason: 'policy', why: why('Nằm trong giờ yên tĩnh 22:00–04:45.') }],
  })
  const policy = { quiet: [{ from: '22:00', until: '04:45' }], windows: [{ weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '05:00', until: '06:30' }], ceilings: [{ from: '21:00', until: '06:00', gain_db: -6 }], session_min: 45, day_min: 120, live_max_min: null, approvers: 1, classes: null }
  const groups = [{ id: 'g1', area: 'a1', area_name: 'Xã Đông Hưng', name: 'Các xã ven sông', may_change: true, members: [{ kind: 'area', id: 'a2', name: 'Thôn Thượng', area: 'a2', area_name: 'Thôn Thượng', state: 'own', reason: null, may_answer: false }, { kind: 'area', id: 'z9', name: 'Xã Tây Tiến', area: 'z9', area_name: 'Xã Tây Tiến', state: 'requested', reason: null, may_answer: true }] }]
  const holidays = [{ id: 'vn', name_vi: 'Ngày lễ Việt Nam', name_en: 'Holidays of Vietnam', year: 2026, rows: [{ name_vi: 'Tết Nguyên đán', name_en: 'Tet', lunar: true, month: 1, day: 1, days: 5 }, { name_vi: 'Quốc khánh', name_en: 'National Day', month: 9, day: 2, days: 2 }], dates: [{ date: '2026-02-17', name: 'Tết Nguyên đán' }, { date: '2026-09-02', name: 'Quốc khánh' }] }]
  const settings = { report_heading: 'UBND TỈNH HƯNG YÊN\nUBND XÃ ĐÔNG HƯNG', report_place: 'Đông Hưng', support: 'Tổ kỹ thuật xã, 0221 000 000' }
  const audit = [['station.accept', { name: 'Thôn Thượng 2' }], ['bulletin.approve', null], ['login.failed', { login: 'mai' }], ['area.policy', null]].map(([verb, detail], n) => ({ id: String(n), at: iso(now - n * HOUR), user_name: n === 2 ? null : mai.name, verb, area: 'a1', area_name: 'Xã Đông Hưng', object: null, detail, remote: '10.0.0.7' }))
  const verbs = [['view', 'Xem trạm, lịch, nhật ký'], ['create_content', 'Soạn bản tin'], ['approve_content', 'Duyệt bản tin'], ['schedule', 'Hẹn phát'], ['manage_users', 'Quản lý người dùng']].map(([verb, text]) => ({ verb, text }))
  const roles = { verbs, roles: [['administrator', ['view', 'create_content', 'approve_content', 'schedule', 'manage_users']], ['commune_leader', ['view', 'create_content', 'approve_content', 'schedule']], ['viewer', ['view']]].map(([role, list]) => ({ role, text: role, verbs: list })) }
  return { week, map, agenda, policy, groups, holidays, settings, audit, roles, sessions, tokens, setup, areas, users, stations, bulletins, broadcasts, airings, enrolments, blank, home, sounds: new Map(), peaks, tone: tone() }
}
