// Every request of the panel, one line each, in the order of docs/api.md.
import { all, request, url } from './client'
import type {
  AccessPolicy, ActionEntry, Again, Airing, AiringGroup, AiringWay, Alert, AlertClip, Area, AreaPolicy, Broadcast, BroadcastOrder, Bulletin, CalendarLink, CalendarReport, Check,
  Coverage, Enrolment, Fates, Grant, Group, GroupCandidate, HolidayCalendar, HolidayRow, Home, ImportReport, Inbox, Language, LeadInTune, Legacy, MapAnswer, Me,
  Monthly, NewToken, Page, Peaks, Policy, Precedence, Programme, ProgrammeItem, ProgrammeKind, Roles, SeriesStart, Session, Settings, Since, Source,
  SourceTrial, Station, StationOrders, StationAgenda, Target, Template, TestTone, Token, User, Verb, Version, Week, When, Withdrawal,
} from './types'

export { ApiError, asProblem, newKey, url } from './client'
export type * from './types'

const id = encodeURIComponent

type AiringQuery = {
  from?: string; to?: string; area?: string; station?: string; broadcast?: string; outcome?: string; class?: string
}

export const api = {
  setupNeeded: () => request<{ needed: boolean }>('GET', '/api/setup'),
  setUp: (body: { token: string; organisation: string; name: string; login: string; password: string }) =>
    request<Me>('POST', '/api/setup', { body }),
  /** With a ticket the password was right and a code is asked. */
  logIn: (body: { login: string; password: string }) => request<Me | { ticket: string }>('POST', '/api/session', { body }),
  logInCode: (body: { ticket: string; code: string }) => request<Me>('POST', '/api/session/code', { body }),
  logOut: () => request<void>('DELETE', '/api/session'),
  me: () => request<Me>('GET', '/api/me'),
  /** backup_age_s is null where there never was a backup. */
  health: () => request<{ status: string; backup_age_s: number | null }>('GET', '/healthz'),
  changeMe: (body: { name?: string; phone?: string; language?: Language }, key: string) => request<Me>('PATCH', '/api/me', { body, key }),
  changePassword: (body: { old: string; new: string }) => request<void>('POST', '/api/me/password', { body }),
  beginTotp: () => request<{ secret: string; uri: string }>('POST', '/api/me/totp', { body: {} }),
  confirmTotp: (code: string) => request<{ recovery_codes: string[] }>('POST', '/api/me/totp/confirm', { body: { code } }),
  endTotp: (code: string) => request<void>('POST', '/api/me/totp/off', { body: { code } }),
  renewRecoveryCodes: (code: string) => request<{ recovery_codes: string[] }>('POST', '/api/me/recovery-codes', { body: { code } }),
  accessPolicy: () => request<AccessPolicy>('GET', '/api/access-policy'),
  setAccessPolicy: (body: Partial<AccessPolicy>, key: string) => request<AccessPolicy>('PATCH', '/api/access-policy', { body, key }),
  sessions: () => all<Session>('/api/sessions'),
  endSession: (session: string) => request<void>('DELETE', `/api/sessions/${id(session)}`),
  endOtherSessions: () => request<void>('DELETE', '/api/sessions'),

  users: () => all<User>('/api/users'),
  addUser: (body: { name: string; login: string; password: string; phone?: string; grants: Grant[] }, key: string) =>
    request<User>('POST', '/api/users', { body, key }),
  changeUser: (user: string, body: { name?: string; phone?: string; grants?: Grant[]; disabled?: boolean; totp?: false }, key: string) =>
    request<User>('PATCH', `/api/users/${id(user)}`, { body, key }),
  resetPassword: (user: string) => request<{ password: string }>('POST', `/api/users/${id(user)}/reset-password`, { body: {} }),
  tokens: () => all<Token>('/api/tokens'),
  addToken: (body: { name: string; expires_at?: string; may?: Verb[] }, key: string) => request<NewToken>('POST', '/api/tokens', { body, key }),
  removeToken: (token: string) => request<void>('DELETE', `/api/tokens/${id(token)}`),
  areas: () => all<Area>('/api/areas'),
  addArea: (body: { parent: string; name: string; kind: string }, key: string) =>
    request<Area>('POST', '/api/areas', { body, key }),
  importList: (path: '/api/areas/import' | '/api/stations/import' | '/api/areas/geojson', file: Blob, area: string, dryRun: boolean) =>
    request<ImportReport>('POST', path, {
      query: { ...(path !== '/api/areas/geojson' && { area }), dry_run: dryRun ? 'true' : undefined },
      file: { bytes: file, type: path === '/api/areas/geojson' ? 'application/json' : 'text/csv' },
    }),
  policy: (area: string) => request<AreaPolicy>('GET', `/api/areas/${id(area)}/policy`),
  setPolicy: (area: string, body: Partial<Policy>, key: string) => request<AreaPolicy>('PUT', `/api/areas/${id(area)}/policy`, { body, key }),
  groups: (area: string) => all<Group>('/api/groups', { area }),
  addGroup: (body: { area: string; name: string; members: { kind: string; id: string }[] }, key: string) => request<Group>('POST', '/api/groups', { body, key }),
  changeGroup: (group: string, body: { name?: string; members?: { kind: string; id: string }[] }, key: string) =>
    request<Group>('PATCH', `/api/groups/${id(group)}`, { body, key }),
  removeGroup: (group: string, key: string) => request<void>('DELETE', `/api/groups/${id(group)}`, { key }),
  askAgain: (group: string, member: string, key: string) =>
    request<Group>('POST', `/api/groups/${id(group)}/members/${id(member)}/request`, { body: {}, key }),
  groupCandidates: (area: string, q: string) => request<{ items: GroupCandidate[]; more: boolean }>('GET', '/api/group-candidates', { query: { area, q } }),
  answerGroup: (group: string, member: string, answer: 'accept' | 'refuse' | 'withdraw', reason: string, key: string) =>
    request<Group>('POST', `/api/groups/${id(group)}/members/${id(member)}/${answer}`, { body: reason ? { reason } : {}, key }),
  holidays: (year: number) => all<HolidayCalendar>('/api/holidays', { year }),
  setHolidays: (calendar: string, year: number, body: { name_vi: string; name_en: string; rows: HolidayRow[] }, key: string) =>
    request<HolidayCalendar>('PUT', `/api/holidays/${id(calendar)}`, { query: { year }, body, key }),
  setHolidayYear: (calendar: string, year: number, days: { date: string; name_vi: string; name_en: string }[], key: string) =>
    request<HolidayCalendar>('PUT', `/api/holidays/${id(calendar)}/years/${year}`, { query: { year }, body: { days }, key }),
  removeHolidayYear: (calendar: string, year: number, key: string) =>
    request<HolidayCalendar>('DELETE', `/api/holidays/${id(calendar)}/years/${year}`, { query: { year }, key }),
  removeHolidays: (calendar: string, key: string) => request<void>('DELETE', `/api/holidays/${id(calendar)}`, { key }),
  settings: () => request<Settings>('GET', '/api/settings'),
  setSettings: (body: Partial<Omit<Settings, 'may_change'>>, key: string) => request<Settings>('PATCH', '/api/settings', { body, key }),
  audit: (query: { area?: string; q?: string; verb?: string; from?: string; to?: string; after?: string | null }) =>
    request<Page<ActionEntry>>('GET', '/api/audit', { query: { limit: 50, ...query } }),
  changeArea: (area: string, body: { name?: string; one_person_approves?: boolean }, key: string) =>
    request<Area>('PATCH', `/api/areas/${id(area)}`, { body, key }),

  stations: (query: { q?: string; area?: string; state?: string } = {}) => all<Station>('/api/stations', query),
  stationPage: (query: { q?: string; area?: string; limit?: number; after?: string | null }) =>
    request<Page<Station> & { total: number }>('GET', '/api/stations', { query: { limit: 50, ...query } }),
  map: (area: string) => request<MapAnswer>('GET', '/api/map', { query: { area } }),
  fates: (broadcast: string, from: string, to: string) => request<Fates>('GET', `/api/broadcasts/${id(broadcast)}/fates`, { query: { from, to } }),
  agenda: (station: string, from: string, to: string) => request<StationAgenda>('GET', `/api/stations/${id(station)}/agenda`, { query: { from, to } }),
  station: (station: string) => request<Station>('GET', `/api/stations/${id(station)}`),
  changeStation: (station: string, body: { name?: string; area?: string; volume_db?: number; data_day_mb?: number | null; data_month_mb?: number | null; lat?: number | null; lon?: number | null }, key: string) =>
    request<Station>('PATCH', `/api/stations/${id(station)}`, { body, key }),
  retireStation: (station: string, key: string) =>
    request<Station>('POST', `/api/stations/${id(station)}/retire`, { body: {}, key }),
  replaceStation: (station: string, body: { code: string }, key: string) =>
    request<Station>('POST', `/api/stations/${id(station)}/replace`, { body, key }),
  enrolments: () => all<Enrolment>('/api/enrolments'),
  acceptStation: (code: string, body: { area?: string; name?: string }, key: string) =>
    request<Station>('POST', `/api/enrolments/${id(code)}`, { body, key }),

  testTone: (station: string) => request<{ test: TestTone | null }>('GET', `/api/stations/${id(station)}/test-tone`),
  soundTestTone: (station: string, gain_db: number, key: string) =>
    request<TestTone>('POST', `/api/stations/${id(station)}/test-tone`, { body: { gain_db }, key }),
  stationOrders: (station: string) => request<StationOrders>('GET', `/api/stations/${id(station)}/orders`),
  setVolume: (station: string, volume_db: number, key: string) =>
    request<StationOrders>('POST', `/api/stations/${id(station)}/volume`, { body: { volume_db }, key }),
  muteStation: (station: string, body: { minutes: number; reason: string }, key: string) =>
    request<StationOrders>('POST', `/api/stations/${id(station)}/mute`, { body, key }),
  unmuteStation: (station: string, key: string) => request<StationOrders>('DELETE', `/api/stations/${id(station)}/mute`, { key }),
  sources: (area: string) => all<Source>('/api/sources', { area }),
  trySource: (body: { area: string; url: string }, key: string) => request<SourceTrial>('POST', '/api/source-trials', { body, key }),
  sourceTrial: (trial: string) => request<SourceTrial>('GET', `/api/source-trials/${id(trial)}`),
  sourceTrialAudio: (trial: string) => `/api/source-trials/${id(trial)}/audio`,
  addSource: (body: { area: string; name: string; addresses: { trial: string }[] }, key: string) =>
    request<Source>('POST', '/api/sources', { body, key }),
  changeSource: (source: string, body: { name?: string; addresses?: ({ trial: string } | { url: string })[] }, key: string) =>
    request<Source>('PATCH', `/api/sources/${id(source)}`, { body, key }),
  removeSource: (source: string, key: string) => request<void>('DELETE', `/api/sources/${id(source)}`, { key }),

  roles: () => request<Roles>('GET', '/api/roles'),
  inbox: () => request<Inbox>('GET', '/api/inbox'),
  versions: (bulletin: string) => all<Version>(`/api/bulletins/${id(bulletin)}/versions`),
  versionAudio: (bulletin: string, version: string) => `/api/bulletins/${id(bulletin)}/audio?version=${id(version)}`,
  /** What airs ends sooner, at once. */
  shorten: (bulletin: string, valid_until: string, key: string) =>
    request<Bulletin>('POST', `/api/bulletins/${id(bulletin)}/shorten`, { body: { valid_until }, key }),
  /** What waits behind the approved version is dropped. */
  revert: (bulletin: string, key: string) => request<Bulletin>('POST', `/api/bulletins/${id(bulletin)}/revert`, { body: {}, key }),
  withdraw: (bulletin: string, key: string) =>
    request<Bulletin>('POST', `/api/bulletins/${id(bulletin)}/withdraw`, { body: {}, key }),
  addProgramme: (body: { area: string; title: string; items: ProgrammeItem[] }, key: string) =>
    request<Programme>('POST', '/api/programmes', { body, key }),
  changeProgramme: (programme: string, body: { title?: string; items?: ProgrammeItem[] }, key: string) =>
    request<Programme>('PATCH', `/api/programmes/${id(programme)}`, { body, key }),
  removeProgramme: (programme: string, key: string) => request<void>('DELETE', `/api/programmes/${id(programme)}`, { key }),
  programmeKinds: async (area: string) => (await request<{ items: ProgrammeKind[] }>('GET', '/api/programme-kinds', { query: { area } })).items,
  programme: (programme: string) => request<Programme>('GET', `/api/programmes/${id(programme)}`),
  programmePage: (query: { area?: string; q?: string; bulletin?: string; limit: number; after?: string | null }) => request<Page<Programme>>('GET', '/api/programmes', { query }),
  templatePage: (query: { area: string; limit: number; after?: string | null }) => request<Page<Template>>('GET', '/api/programme-templates', { query }),
  addTemplate: (body: Omit<Template, 'id' | 'area_name'>, key: string) =>
    request<Template>('POST', '/api/programme-templates', { body, key }),
  changeTemplate: (template: string, body: Omit<Template, 'id' | 'area' | 'area_name'>, key: string) =>
    request<Template>('PUT', `/api/programme-templates/${id(template)}`, { body, key }),
  removeTemplate: (template: string, key: string) =>
    request<void>('DELETE', `/api/programme-templates/${id(template)}`, { key }),
  tune: (area: string) => request<LeadInTune>('GET', `/api/areas/${id(area)}/lead-in-tune`),
  setTune: (area: string, bulletin: string | null, key: string) =>
    request<LeadInTune>('PUT', `/api/areas/${id(area)}/lead-in-tune`, { body: { bulletin }, key }),

  addBulletin: (body: { area: string; title: string; language?: string; upload?: string; text?: string; relay?: { source: string; minutes: number }; fallback?: string[]; valid_from?: string | null; valid_until?: string | null }, key: string) =>
    request<Bulletin>('POST', '/api/bulletins', { body, key }),
  bulletinPage: (query: { area?: string; above?: string; q?: string; state?: string; airs?: 'true'; relay?: 'true' | 'false'; author?: string; aired?: 'yesterday'; limit: number; after?: string | null }) =>
    request<Page<Bulletin>>('GET', '/api/bulletins', { query }),
  bulletin: (bulletin: string) => request<Bulletin>('GET', `/api/bulletins/${id(bulletin)}`),
  changeBulletin: (bulletin: string, body: { title?: string; language?: string; upload?: string; text?: string; fallback?: string[]; valid_from?: string | null; valid_until?: string | null }, key: string) =>
    request<Bulletin>('PATCH', `/api/bulletins/${id(bulletin)}`, { body, key }),
  audioUrl: (bulletin: Bulletin) => `/api/bulletins/${id(bulletin.id)}/audio?v=${id(bulletin.version)}`,
  peaks: (bulletin: string, signal: AbortSignal) => request<Peaks>('GET', `/api/bulletins/${id(bulletin)}/peaks`, { signal }),
  submit: (bulletin: string, key: string) =>
    request<Bulletin>('POST', `/api/bulletins/${id(bulletin)}/submit`, { body: {}, key }),
  approve: (bulletin: string, key: string) =>
    request<Bulletin>('POST', `/api/bulletins/${id(bulletin)}/approve`, { body: {}, key }),
  reject: (bulletin: string, reason: string, key: string) =>
    request<Bulletin>('POST', `/api/bulletins/${id(bulletin)}/reject`, { body: { reason }, key }),

  addBroadcast: (body: BroadcastOrder, key: string) => request<Broadcast>('POST', '/api/broadcasts', { body, key }),
  broadcast: (broadcast: string) => request<Broadcast>('GET', `/api/broadcasts/${id(broadcast)}`),
  check: (body: BroadcastOrder, signal?: AbortSignal) => request<Check>('POST', '/api/broadcasts/check', { body, signal }),
  /** Those that air one of these bulletins, alone or in a programme, and are not over by `from`. */
  broadcastsOf: (area: string, bulletins: string[], from: string) => all<Broadcast>('/api/broadcasts', { area, bulletin: bulletins.join(','), from }),
  broadcastsAsking: (holidays: string) => all<Broadcast>('/api/broadcasts', { holidays }),
  changeBroadcast: (
    broadcast: string,
    body: { scope: 'this' | 'following' | 'all'; recurrence_id?: string; at?: string; cancelled?: boolean; gain_db?: number; tolerance_s?: number; when?: When; repeat?: { count: number; gap_s: number }; on_preempt?: string; filler?: boolean; confirm?: string },
    key: string,
  ) => request<Broadcast>('PATCH', `/api/broadcasts/${id(broadcast)}`, { body, key }),
  occurrences: (broadcast: string, query: { from?: string; to?: string } = {}) => all<SeriesStart>(`/api/broadcasts/${id(broadcast)}/occurrences`, query),
  /** Their owner has read what falls silent because of another order. */
  lossSeen: (broadcast: string, by: string, key: string) => request<void>('POST', `/api/broadcasts/${id(broadcast)}/losses/${id(by)}/seen`, { body: {}, key }),
  precedence: (area: string) => request<Precedence>('GET', `/api/areas/${id(area)}/precedence`),
  setPrecedence: (area: string, body: { date?: string; broadcasts: string[] }, key: string) =>
    request<Precedence>('PUT', `/api/areas/${id(area)}/precedence`, { body, key }),
  calendarLinks: () => all<CalendarLink>('/api/me/calendar-links'),
  /** `path` is given this once. */
  addCalendarLink: (body: { area: string; name: string }, key: string) => request<CalendarLink & { path: string }>('POST', '/api/me/calendar-links', { body, key }),
  removeCalendarLink: (link: string) => request<void>('DELETE', `/api/me/calendar-links/${id(link)}`),
  calendarUrl: (area: string) => `/api/areas/${id(area)}/calendar.ics`,
  calendarReport: (area: string, file: Blob) =>
    request<CalendarReport>('POST', `/api/areas/${id(area)}/calendar.ics`, { file: { bytes: file, type: 'text/calendar' } }),
  calendarImport: (
    area: string,
    body: { calendar: string; targets: Target[]; class?: 'normal' | 'priority'; leave_out_refusing?: boolean; confirm?: string; choices: { uid: string; recurrence_id?: string; bulletin?: string; programme?: string }[] },
    key: string,
  ) => request<CalendarReport>('POST', `/api/areas/${id(area)}/calendar-import`, { body, key }),
  schedule: (area: string, from: string, to: string) => request<Week>('GET', '/api/schedule', { query: { area, from, to, include: 'broadcasts' } }),
  /** How far one that was taken back has come. */
  withdrawal: (broadcast: string) => request<Withdrawal>('GET', `/api/broadcasts/${id(broadcast)}/withdrawal`),
  removeBroadcast: (broadcast: string, key: string) =>
    request<void>('DELETE', `/api/broadcasts/${id(broadcast)}`, { key }),

  clips: (query: { area?: string } = {}) => all<AlertClip>('/api/alert-clips', query),
  addClip: (body: { area: string; bulletin: string; title?: string; severity?: number; button?: number; every_minutes?: number }, key: string) =>
    request<AlertClip>('POST', '/api/alert-clips', { body, key }),
  changeClip: (clip: string, body: { title?: string; severity?: number; button?: number; every_minutes?: number }, key: string) =>
    request<AlertClip>('PATCH', `/api/alert-clips/${id(clip)}`, { body, key }),
  removeClip: (clip: string, key: string) => request<void>('DELETE', `/api/alert-clips/${id(clip)}`, { key }),
  alerts: async (query: { area?: string } = {}) =>
    (await request<Page<Alert>>('GET', '/api/alerts', { query: { ...query, limit: 20 } })).items,
  alert: (alert: string) => request<Alert>('GET', `/api/alerts/${id(alert)}`),
  issueAlert: (
    body: { area: string; clip: string; targets: Target[]; every_minutes: number; drill: boolean; reason?: string; corrects?: string },
    key: string,
  ) => request<Alert>('POST', '/api/alerts', { body, key }),
  cancelAlert: (alert: string, key: string) => request<Alert>('POST', `/api/alerts/${id(alert)}/cancel`, { body: {}, key }),
  reviewAlert: (alert: string, body: { verdict: 'right' | 'wrong'; reason: string }, key: string) =>
    request<Alert>('POST', `/api/alerts/${id(alert)}/review`, { body, key }),
  stopAiring: (airing: string, body: { everywhere: boolean; area: string }, key: string) =>
    request<{ stations: number }>('POST', `/api/airings/${id(airing)}/stop`, { body, key }),

  since: (area: string, since: string | null) => request<Since>('GET', '/api/home/since', { query: { area, since } }),
  again: (area: string) => request<{ items: Again[] }>('GET', '/api/home/again', { query: { area } }).then(({ items }) => items),
  airings: (query: AiringQuery) => all<Airing>('/api/airings', query),
  /** A page may hold nothing and still have more behind it. */
  firstAiring: async (query: AiringQuery): Promise<Airing | undefined> => {
    for (let after: string | undefined; ; ) {
      const page = await api.airingPage({ ...query, limit: 200, after })
      if (page.items[0] || !page.next) return page.items[0]
      after = page.next
    }
  },
  airingPage: (query: AiringQuery & { limit?: number; after?: string }) => request<Page<Airing>>('GET', '/api/airings', { query: { ...query } }),
  airingGroups: (query: AiringQuery & { limit?: number; after?: string }) =>
    request<Page<AiringGroup>>('GET', '/api/airing-groups', { query: { ...query } }),
  airingWay: (airing: string, planned_start: string) =>
    request<AiringWay>('GET', `/api/airings/${id(airing)}`, { query: { planned_start } }),
  /** Where the browser finds a file; `form` is csv or xlsx. */
  fileUrl: (what: 'airings' | 'reports/monthly' | 'reports/coverage', form: 'csv' | 'xlsx', query: Record<string, string>) =>
    url(`/api/${what}.${form}`, query),
  monthly: (query: { month: string; area: string }) => request<Monthly>('GET', '/api/reports/monthly', { query }),
  coverage: (area: string) => request<Coverage>('GET', '/api/reports/coverage', { query: { area } }),
  setLegacy: (area: string, legacy: Legacy, key: string) =>
    request<{ area: string; legacy: Legacy }>('PUT', `/api/reports/coverage/${id(area)}`, { body: { legacy }, key }),
  home: (area: string) => request<Home>('GET', '/api/home', { query: { area } }),
}
