// Same shape as vi.ts, or the type check fails the build.
import { joined } from '../pure/text'
import type { Messages } from './index.svelte'

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`
const duration = (ms: number): string => {
  const s = Math.round(ms / 1000)
  return s < 60 ? `${s} s` : s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`
}

const LONG = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const TITLES: Record<string, string> = {
  '': 'Home', schedule: 'Schedule', compose: 'Compose', stations: 'Stations', log: 'Play log',
  approvals: 'Approvals', sounds: 'Sound library', reports: 'Reports', sources: 'Relay sources', coverage: 'Coverage', alerts: 'Emergency alerts',
  areas: 'Areas', groups: 'Groups', users: 'Users and roles', pairing: 'Pair a station', policies: 'Policies', holidays: 'Holidays',
  settings: 'Settings', audit: 'System log', account: 'Account', help: 'Help', more: 'More',
}
const TABS: Record<string, string> = { ...TITLES, log: 'Log' }

export const en: Messages = {
  nav: {
    main: 'Main sections', skip: 'Skip to content', unit: 'Area in view',
    title: (name) => TITLES[name] ?? TITLES[''],
    tab: (name) => TABS[name] ?? name,
    province: { '': 'Overview', compose: 'Bulletins to communes', schedule: 'Schedule', log: 'Log and evidence', approvals: 'Approvals', alerts: 'Alerts' },
    more: 'More', admin: 'Administration', alert: 'Emergency',
  },
  connection: { live: 'Connected', stale: 'Old figures', offline: 'No connection' },
  action: {
    again: 'Try again', close: 'Close', keep: 'No, keep it', listen: 'Listen', pause: 'Pause', print: 'Print', save: 'Save', copy: 'Copy', copied: 'Copied',
  },
  state: {
    loading: 'Loading…', wait: 'Please wait…', saved: 'Saved.', unknown: 'unknown', nothingFound: 'Nothing found.',
    more: (n) => `${n} more`, further: 'Show more',
    stale: (time) => `Figures from ${time}; no update since then. Trying again.`,
  },
  error: {
    offline: 'No connection',
    offlineWhat: 'The server cannot be reached. What you typed is kept; try again once you are online.',
    offlineStations: 'No connection to the server. Stations keep playing what is already scheduled.',
    server: (status) => `The server answered with error ${status}`,
    serverWhat: 'Try again. If it keeps failing, tell the administrator.',
    unexpected: 'Something went wrong on this page',
    cannotPlay: 'This sound cannot be played on your device. Try again.',
  },
  unit: {
    duration,
    minutes: (ms) => `${Math.max(1, Math.round(ms / 60_000))}′`,
    stations: (n) => count(n, 'station'),
  },
  day: {
    long: LONG,
    short: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    near: ['Today', 'Tomorrow'],
    list: (days) => joined(days.map((n) => LONG[n]), ' and '),
  },
  outcome: {
    upcoming: 'Upcoming', playing: 'On air', played: 'Played', partial: 'Played in part', missed: 'Missed',
    cancelled: 'Cancelled', unknown: 'No word yet', unreported: 'Never reported',
  },
  reason: {
    no_power: 'No power', restart: 'The station restarted', no_time: 'The station had no trusted time', no_media: 'The file had not arrived',
    bad_media: 'The file was damaged', displaced: 'Another item took its place', expired: 'No longer valid', device_fault: 'Sound device fault',
    policy: 'Outside permitted hours', local_stop: 'Stopped by hand at the station', unsupported: 'Station software too old', late: 'Too late to start',
  },
  class: { normal: 'Normal', priority: 'Priority' },
  role: {
    administrator: 'Administrator', editor: 'Province editor', auditor: 'Auditor', commune_leader: 'Commune leader',
    commune_operator: 'Commune operator', village_head: 'Village head', technician: 'Technician', viewer: 'Viewer',
  },
  login: {
    title: 'Log in to Loa', name: 'User name', password: 'Password', show: 'Show password', go: 'Log in',
    expired: 'Your session has ended. Log in again; your draft is kept.',
  },
  setup: {
    title: 'Start using Loa', what: 'Create the first organisation and the first administrator.', go: 'Create and log in',
    token: 'Set-up token', organisation: 'Organisation', name: 'Your name', login: 'User name', password: 'Password',
    hint: {
      token: 'Printed once on the server’s console when it starts.', organisation: 'For example: Hưng Yên Province', name: '', login: 'Lower case, no accents.',
      password: 'Best: a long sentence that only you would think of.',
    },
  },
  account: { language: 'Language', logOut: 'Log out' },
  password: {
    title: 'Change password', old: 'Present password', new: 'New password', go: 'Change password', done: 'The password is changed. Other devices are logged out.',
    first: 'Set a password of your own', firstWhat: 'The password you used is a temporary one. Change it to go on.',
  },
  totp: {
    title: 'Two-step log-in', what: 'After the password you type a code that your phone shows. Whoever knows your password still cannot come in.',
    begin: 'Turn on two-step log-in', scan: 'Open an authenticator app on your phone (such as Google Authenticator) and scan this picture.', qr: 'A square picture for your phone to scan',
    byHand: 'If it cannot be scanned, type this key', code: 'Code', codeHint: 'The 6 digits on your phone.', orRecovery: 'The 6 digits on your phone, or a recovery code.',
    confirm: 'Confirm and turn on', codesWhat: 'Done. Print or copy these 10 recovery codes: each works once when the phone is lost, and they are shown only now.',
    kept: 'I have kept them', on: (left) => `It is on. ${left} recovery codes are left.`, renew: 'Make new recovery codes', off: 'Turn off',
    needed: 'Administrators here have to log in in two steps. Set it up once to go on.', back: 'Back',
    policy: 'Administrators must log in in two steps',
  },
  sessions: {
    title: 'Where you are logged in', here: '(this device)', unknown: 'Unknown device', seen: (time) => `Last used ${time}`,
    end: 'Log it out', endOthers: 'Log out all other devices',
  },
  home: {
    clock: 'Server time', onAir: 'On air', stations: 'Stations', next: 'Coming up', week: 'See the whole week', compose: 'Compose a bulletin',
    silence: 'Nothing is playing right now.', allWell: 'No station needs attention.', nothingNext: 'Nothing is scheduled.',
    stripAbout: (n) => `Today at a glance: ${count(n, 'bulletin')}`,
    playing: (n, of) => `${n} of ${of} stations playing`,
    failed: (n) => `${count(n, 'station')} failed`,
    fine: (n, of) => `${n} of ${of} stations are fine`,
    waiting: (n) => `${count(n, 'bulletin')} awaiting approval`,
    stop: 'Stop', stopNow: (n) => (n === 1 ? 'Stop it now at 1 station' : `Stop it now at ${n} stations`), stopping: (n) => `Told ${n} stations to stop.`,
    notReady: (n) => `${count(n, 'station')} without the file`,
  },
  compose: {
    title: 'Compose a bulletin', content: 'Content', name: 'Title', where: 'Where', when: 'When', check: 'Check and send',
    record: 'Tap to record', recordAgain: 'Record again', stop: 'Stop recording', askingMic: 'Opening the microphone…', file: 'Choose an audio file',
    level: 'Sound level', speak: 'Recording. Speak steadily, a hand’s width from the phone.', tooLoud: 'Too loud, move back a little.',
    tooQuiet: 'Too quiet, come closer.',
    mic: {
      denied: 'The browser does not allow the microphone. Tap the lock beside the address to allow it, or choose a file.',
      missing: 'This device has no microphone. You can still choose an audio file.',
      insecure: 'Recording works only over https. You can still choose an audio file.',
      unsupported: 'This browser cannot record. You can still choose an audio file.',
    },
    tooLarge: 'The file is larger than 256 MB. Choose a smaller one.',
    uploading: (percent) => `Sending the sound: ${percent}%`,
    uploadStopped: 'The connection broke while sending the sound. Try again to send the rest.',
    uploaded: 'Sound sent. Give it a title to hear what will be played.',
    working: 'Preparing what will be played…', ready: 'The sound is ready.', audioFailed: 'This sound cannot be read. Record again or choose another file.',
    listenCanonical: 'Hear what will play', listenOwn: 'Play back',
    type: 'Type text', textLabel: 'Text to be read aloud', textHint: 'In Vietnamese, as one speaks. Leave the field and the text is read aloud for you to hear.',
    characters: (n, most) => `${n.toLocaleString('en')} of ${most.toLocaleString('en')} characters`,
    textTooLong: (n) => `${count(n, 'character')} too many. Shorten it or make two bulletins.`,
    reading: 'The text is being read aloud…', textNeedsTitle: 'Give it a title to hear what will be played.',
    titleLabel: 'Title', titleHint: 'For example: Vaccination dates in Thượng village',
    everywhere: (area) => `All stations of ${area}`, some: 'Choose villages or stations',
    kind: { now: 'Play now', once: 'At a date and time', daily: 'Every day', weekly: 'Every week', rule: 'By a rule of its own' },
    weekdays: 'On these days', weeklyOn: (days) => `every ${days}`,
    date: 'Date', dateHint: 'Day/month/year', time: 'Time', timeHint: 'From 00:00 to 23:59, for example 17:30',
    priority: 'Priority (must air, even on a clash)',
    say: {
      what: (title, length) => `“${title}”${length ? ` (${length})` : ''} will play`,
      now: 'right now, in about 15 seconds,',
      once: (time, day, date) => `at ${time} on ${day} ${date}`,
      daily: (time, date) => `every day at ${time} from ${date}`,
      weekly: (time, days, date) => `at ${time} every ${days} from ${date}`,
      all: (n, area) => `on all ${count(n, 'station')} of ${area}`,
      some: (n) => `in the ${count(n, 'place')} chosen`,
      approval: 'It plays only once it is approved.',
      incomplete: 'Fill in the title and the time to see the summary.',
    },
    need: {
      sound: 'Record something, choose a file or type a text.', text: 'Type what is to be read.', otherText: 'This text could not be read aloud. Change its words.', days: 'Choose at least one day of the week.', otherSound: 'This sound cannot be used. Record again or choose another file.',
      listen: 'Listen before you approve.', title: 'Give the bulletin a title.', targets: 'Choose at least one place.',
      date: 'Write the date like 22/11/2026.', time: 'Write the time like 17:30.', future: 'That time is over. Choose a later one.',
      some: 'A few things are missing, see the red lines above.',
    },
    waiting: 'Waiting for the sound…', sending: 'Sending…', approveAndSend: 'Approve and schedule', sendForApproval: 'Send for approval',
    restored: 'Your last draft is open again.', discard: 'Discard draft',
  },
  sent: {
    scheduled: 'Scheduled', waiting: 'Sent for approval', log: 'See the log', again: 'Compose another',
    scheduledWhat: 'Stations are fetching the file. The log shows the result of each.',
    waitingWhat: 'It will not play until somebody approves it.',
    start: (time, date) => `Starts at ${time} on ${date}`,
  },
  approvals: {
    none: 'No bulletin awaits approval.', approve: 'Approve', return: 'Return', sendBack: 'Return to the author',
    text: 'See the text', reason: 'Reason', reasonHint: 'The author will read this.', own: 'You wrote this bulletin, so somebody else has to approve it.',
  },
  schedule: {
    add: 'Add', before: 'Previous week', after: 'Next week', none: 'Nothing is scheduled yet. “Add” makes the first broadcast.',
    noneToday: 'Nothing is scheduled on this day.', remove: 'Delete', removeTitle: 'Delete this broadcast?',
    removeText: (title, time, kind) =>
      kind === 'daily' ? `“${title}” will no longer play at ${time} every day.` : kind === 'rule' ? `“${title}” will no longer repeat at ${time}.` : `“${title}” at ${time} will not play. What has started cannot be taken back.`,
    state: 'State', nextStart: 'Next start', length: 'Length', author: 'Scheduled by',
    states: { waiting_approval: 'Awaiting approval', active: 'Scheduled', ended: 'Ended', deleted: 'Deleted' },
    clash: 'Clash', clashCount: (n) => `${n} airings overlap this week. Press one to see what the stations will do.`,
    silent: (why) => (why ? `Does not play: ${why}` : 'Does not play'), movedHere: 'moved', at: (station) => `At ${station}:`,
    change: 'Another time', check: 'See what is in the way', move: 'Save the new time', sameTime: 'This is the time it has. Choose another.',
    scope: 'Change', scopes: { this: 'only this one', following: 'this and all following', all: 'all to come' },
    leaveOut: { this: 'Leave this one out', following: 'End it from here', all: 'Leave out all to come' },
    free: (n) => (n === 1 ? 'Nothing is in the way at 1 station.' : `Nothing is in the way at ${n} stations.`), clashes: (n) => `In the way of ${n}:`, takeFree: (time, date) => `Take the nearest free time: ${time} ${date}`,
    fold: (from, to) => `${from}–${to} is empty, tap to open`,
  },
  station: {
    state: { online: 'Online', offline: 'Offline', never: 'Never connected', faulty: 'Faulty' },
    none: 'There is no station yet.', add: 'Pair a station', search: 'Find a station or village',
    lastContact: (time, day) => `Last contact ${day}${time}`,
    now: 'Right now', readiness: 'Readiness', recent: 'Recent airings', contact: 'Last contact', playing: 'Playing', notPlaying: 'nothing',
    level: 'Output level', volume: 'Volume', amplifier: 'Amplifier', clock: 'Clock', plan: 'Plan', media: 'Audio files',
    receipts: 'Receipts waiting', storage: 'Free storage', software: 'Software', model: 'Device',
    amplifiers: { on: 'on', off: 'off', unknown: 'unknown' },
    clockError: (ms, trust) => `within ${Math.round(ms)} ms${trust == null ? '' : ` (trust ${trust})`}`,
    planIs: (version, current) => `version ${version}, ${current ? 'current' : 'outdated'}`,
    mediaIs: (ready, missing) => (missing > 0 ? `${ready} there, ${missing} missing` : `all ${ready} there`),
    since: (time) => `Since ${time}`, nextStep: 'What to do',
    addWhat: 'The 8-character code is on the station’s display or label, and the station speaks it through its horn. It is given out at the pole, not here.',
    code: 'Pairing code', codeHint: 'Just type; the dash comes by itself.', codeShort: 'The code has 8 characters.', name: 'Station name',
    nameHint: 'For example: Culture house, Thượng 2', nameNeeded: 'Give the station a name.', area: 'Area', accept: 'Pair', waiting: 'Stations waiting',
    noneWaiting: 'No station is waiting.',
    edit: 'Edit', volumeDb: 'Volume (dB)', volumeHint: '0 is full; negative is quieter.',
    answering: (n, of) => `${n} of ${of} stations answer`,
    scan: 'Scan the QR code with the camera', aim: 'Hold the label in the middle of the picture.', byHand: 'Type the code instead', nameListed: 'Leave it empty if the station is in an imported list: name and area come from there.',
    camera: { denied: 'The browser may not use the camera yet. Allow it, or type the code.', missing: 'This device has no camera. Type the code.', insecure: 'The camera only works over https. Type the code.' },
    week: 'The last seven days', nothing: 'nothing', daySum: (played, of) => `${played}/${of} played`,
    agenda: 'What will this station play?', agendaNone: 'Nothing plays here on this day.', dayBefore: 'Day before', dayAfter: 'Day after', silent: 'Does not play',
    place: 'Place (latitude, longitude)', placeHint: 'For example: 20.9517, 106.0519', placeWrong: 'Latitude, then longitude, such as 20.9517, 106.0519.', here: 'Take the position of this phone',
    replace: 'Replace the device', replaceCode: 'Pairing code of the new device', replaced: 'The device is replaced.',
    replaceWhat: 'The new device takes over name, schedule and log of this station. The old one may only send receipts of what it played before.',
    retire: 'Retire the station', retireTitle: (name) => `Retire ${name}?`,
    retireWhat: 'The station gets no more plans. Its log is kept.',
  },
  log: {
    title: 'Play log', filters: 'Filters', from: 'From', to: 'To', outcome: 'Outcome', station: 'Station', any: 'All', anyStation: 'Any station',
    all: 'Show all', oneBroadcast: 'Only one broadcast is shown.', noneYet: 'No airings yet.',
    none: (from, to) => `No airings from ${from} to ${to}.`,
    summary: (c, total) => {
      const due = total - c.cancelled
      if (due === 0) return 'Cancelled'
      if (c.upcoming === due) return `Upcoming on ${count(due, 'station')}`
      const parts = [`${c.played} of ${due} stations played`]
      if (c.playing) parts.push(`${c.playing} on air`)
      if (c.partial) parts.push(`${c.partial} in part`)
      if (c.missed) parts.push(`${c.missed} missed`)
      if (c.unknown) parts.push(`${c.unknown} no word yet`)
      return parts.join(' · ')
    },
  },
  evidence: {
    timeline: 'What happened', measured: 'Measured by the station', author: 'Author', approver: 'Approver', planned: 'Planned', started: 'Started', ended: 'Ended',
    grade: 'Evidence grade', level: 'Level / peak', frames: 'Frames out of the sound device', xruns: 'Drop-outs', mixer: 'Mixer', muted: 'muted',
    trust: 'Clock trust', none: 'No figures from the station yet.', noReceipt: 'No receipt from the station yet.',
    receipt: (counter) => `Receipt ${counter}, signed by the station.`,
    late: (ms) => (Math.abs(ms) < 1000 ? `off by ${ms} ms` : `${duration(ms)} late`),
    grades: {
      E0: 'none', E1: 'the station says so', E2: 'sound left the sound device', E3: 'measured at the amplifier', E4: 'horn self-test passed', E5: 'heard by a microphone on site',
    },
  },
  map: {
    title: 'Map', heading: 'Map of stations', zoomIn: 'Zoom in', zoomOut: 'Zoom out', open: 'Open the station', listed: 'Stations on the map that need a look',
    nothing: 'Nothing on the map yet. Give each station its place on its page, or import a list with longitude and latitude.',
    unplaced: (n) => (n === 1 ? '1 station has no place yet.' : `${n} stations have no place yet.`),
    kind: { good: 'Answers', fault: 'Faulty', gone: 'Offline', never: 'Never connected' },
  },
  imports: {
    short: 'Import a list', title: { stations: 'Import a list of stations', areas: 'Import a list of areas', outlines: 'Import outlines for the map' },
    what: {
      stations: 'Save the spreadsheet as CSV (UTF-8) with these columns. Paired stations are changed; the others wait with name and place until their code is scanned.',
      areas: 'Save the spreadsheet as CSV (UTF-8), parents before children. An area that is there already stays.',
      outlines: 'A GeoJSON file (WGS 84): each outline names its area in properties.name, or its id in properties.id.',
    },
    sample: {
      stations: 'serial,name,area,latitude,longitude,volume_db\nLB-0090,Upper village hall,Thuong,20.9517,106.0519,-6',
      areas: 'name,kind,parent\nDong Hung,commune,Hung Yen\nThuong,village,Dong Hung',
    },
    choose: 'Choose a file', other: 'Choose the file again', under: (area) => `A row without an area belongs to ${area}.`,
    ready: 'A look first: nothing is stored yet', stored: 'The list is stored', refused: (n) => (n === 1 ? '1 row is not right, nothing is stored' : `${n} rows are not right, nothing is stored`),
    counts: (r) => `New ${r.create} · changed ${r.update} · as before ${r.same} · not right ${r.refused}`,
    store: (n) => (n === 1 ? 'Store 1 row' : `Store ${n} rows`), mend: 'Mend these rows in the spreadsheet and choose the file again.', row: (n) => `Row ${n}`,
    rowIs: { create: 'new', update: 'changed', same: 'as before', refused: 'not right' },
  },
  policy: {
    effective: (area) => `In force at ${area}`, own: (area) => `${area}'s own policy`,
    tighten: 'It can only be tighter than the areas above, never looser. Empty means as above.', empty: 'Empty: no further limit.',
    from: 'from', until: 'until', remove: 'Remove this row', addSpan: 'Add hours', asAbove: 'As above', everyDay: 'Every day',
    quiet: 'Quiet hours', quietHint: 'Nothing plays but emergencies.', windows: 'Permitted hours', windowsHint: 'Only in these hours. None: all day but quiet hours.',
    ceilings: 'Volume ceilings', ceilingsHint: 'No louder than this in these hours.', gain: 'dB',
    session_min: 'At most per session (minutes)', day_min: 'At most per day (minutes)', live_max_min: 'Longest live speech (minutes)', approvers: 'People who approve',
    mayPriority: 'Priority bulletins may be scheduled',
    say: {
      quiet: (list) => (list.length > 0 ? `Quiet hours: ${list.join('; ')}. Nothing plays but emergencies.` : 'Quiet hours: 22:00–04:45 (the default at the station), but for emergencies.'),
      windows: (list) => `Plays only: ${list.join('; ')}.`,
      ceiling: (span, gain) => `${span}: ${gain} dB at most.`,
      session: (n) => `At most ${n} minutes per session.`, day: (n) => `At most ${n} minutes per day.`, live: (n) => `Live speech for at most ${n} minutes.`,
      approvers: (n) => (n === 1 ? 'Each bulletin needs 1 approval.' : `Each bulletin needs ${n} approvals.`), noPriority: 'No priority bulletins may be scheduled.', emergency: 'Emergency alerts have no limit of hours.',
    },
  },
  groups: {
    what: 'A group is a named set of areas and stations, to schedule once for all of them. Areas outside your own have to agree first.',
    none: 'No group yet.', add: 'Make a group', name: 'Name', nameHint: 'For example: communes along the river', members: 'Members', remove: 'Delete the group',
    removeTitle: (name) => `Delete the group ${name}?`, removeWhat: 'Areas and stations stay; only the group goes.', accept: 'Accept', refuse: 'Refuse', withdraw: 'Withdraw',
    state: { own: 'own', requested: 'asked', accepted: 'accepted', refused: 'refused', withdrawn: 'withdrawn' },
  },
  holidays: {
    what: 'A broadcast may skip these days, or play only on them.', year: 'Year', edit: 'Edit the holidays', name: 'Name', day: 'Day', month: 'Month', days: 'How many days', lunar: 'By the lunar calendar', add: 'Add a day',
    remove: (name) => `Remove ${name}`,
    on: (day, month, lunar, days) => `${day}/${month}${lunar ? ' lunar' : ''}${days > 1 ? `, ${days} days` : ''}`,
  },
  settings: {
    organisation: 'Organisation', elsewhere: 'Other settings', atTheTop: 'Only administrators of the topmost area can change this.',
    report_heading: 'Heading of reports', report_place: 'Place of reports', support: 'Who helps',
    hint: { report_heading: 'As printed on official letters, one line for each level.', report_place: 'For example: Hung Yen', support: 'Name and phone number, shown on the help page.' },
  },
  audit: {
    csv: 'Download the table', search: 'Search', searchHint: 'People, areas, contents; accents do not matter.', kind: 'About', system: 'System',
    about: {
      login: 'Log-in', session: 'Sessions', user: 'Users', token: 'Access tokens', area: 'Areas', group: 'Groups', station: 'Stations', bulletin: 'Bulletins', programme: 'Programmes',
      broadcast: 'Broadcasts', alert: 'Emergency alerts', holidays: 'Holidays', settings: 'Settings',
    },
    verbs: {
      'login.failed': 'failed to log in', 'session.end': 'ended a session', 'session.end_others': 'ended other sessions', 'user.create': 'added a user', 'user.change': 'changed a user', 'user.disable': 'disabled an account',
      'user.enable': 'enabled an account', 'user.reset_password': 'reset a password', 'user.reset_totp': 'removed a second step', 'token.create': 'made a token', 'token.delete': 'deleted a token',
      'area.create': 'added an area', 'area.change': 'changed an area', 'area.import': 'imported areas', 'area.outlines': 'imported outlines', 'area.policy': 'changed a policy', 'area.tune': 'changed a signature tune',
      'station.accept': 'paired a station', 'station.change': 'changed a station', 'station.import': 'imported stations', 'station.retire': 'retired a station', 'station.replace': 'replaced a device', 'station.wrong_code': 'typed a wrong pairing code',
      'bulletin.create': 'made a bulletin', 'bulletin.change': 'changed a bulletin', 'bulletin.submit': 'sent for approval', 'bulletin.approve': 'approved a bulletin', 'bulletin.reject': 'returned a bulletin', 'bulletin.withdraw': 'withdrew a bulletin',
      'broadcast.create': 'scheduled a broadcast', 'broadcast.change': 'changed a broadcast', 'broadcast.delete': 'deleted a broadcast', 'group.create': 'made a group', 'group.change': 'changed a group', 'group.delete': 'deleted a group', 'group.accept': 'accepted a group',
      'group.refuse': 'refused a group', 'group.withdraw': 'withdrew from a group', 'group.request': 'asked again for a group', 'programme.create': 'made a programme', 'programme.change': 'changed a programme', 'programme.delete': 'deleted a programme',
      'template.save': 'saved a template', 'template.delete': 'deleted a template', 'holidays.change': 'changed holidays', 'settings.change': 'changed settings', 'access_policy.totp_on': 'made two steps mandatory', 'access_policy.totp_off': 'made two steps optional',
      'alert.issue': 'issued an emergency', 'alert.cancel': 'cancelled an emergency', 'airing.stop': 'stopped an airing',
    },
  },
  since: {
    title: (time) => `Not played since ${time}`, seen: 'Seen', all: 'See all',
    sum: (missed, partial, unknown) => [missed && `${missed} missed`, partial && `${partial} partial`, unknown && `${unknown} without a word`].filter(Boolean).join(' · '),
  },
  rule: {
    lunar: (days, months) => `Lunar day ${joined(days.map((d) => (d === -1 ? 'last' : String(d))), ' and ')}${months.length > 0 ? ` of month ${months.join(', ')}` : ' of each month'}`,
    days: (n) => (n === 1 ? 'Daily' : `Every ${n} days`),
    monthly: (days, every) => `Day ${joined(days.map((d) => (d === -1 ? 'last' : String(d))), ' and ')} of ${every === 1 ? 'each month' : `every ${every} months`}`,
    exceptHolidays: 'not on holidays', onlyHolidays: 'only on holidays',
  },
  help: { search: 'What do you need to do? (accents do not matter)', none: 'No answer yet. Try another word, or ask for support.', go: 'Open', support: 'Support:', why: 'Why did it not play?' },
  sources: {
    what: 'Radio stations that horns can relay. The addresses are tried in order; one that fails is left for the next.',
    none: 'No sources yet. Add the province’s station or the national radio to relay it.',
    add: 'Add a relay source', name: 'Name of the station', address: 'Address of the stream', another: 'Add a spare address',
    hint: 'The address of the audio stream itself (MP3, AAC, Ogg or HLS .m3u8), not a page with a player.',
    try: 'Listen for 10 seconds', listening: 'Listening…', heard: (format: string) => `It can be heard (${format.toUpperCase()}). Listen, then add it to the list.`,
    take: 'Add this address', save: 'Save the source', hearFirst: 'At least one address has to be heard before it can be saved.',
    count: (n: number) => (n === 1 ? '1 address' : `${n} addresses`), edit: (name: string) => `Change ${name}`, remove: (name: string) => `Delete ${name}`,
    removeWhat: 'It cannot be chosen any more. What is scheduled with it still plays.', removeDo: 'Delete the source',
    earlier: (url: string) => `Try ${url} earlier`, drop: (url: string) => `Remove ${url}`,
  },
  areas: {
    search: 'Find an area (accents do not matter)', add: 'Add an area', name: 'Name', parent: 'Part of', kind: 'Kind', alone: 'The author may approve alone', aloneShort: 'one person approves',
    edit: (name) => `Edit ${name}`,
    kinds: { province: 'Province', commune: 'Commune', ward: 'Ward', village: 'Village', group: 'Group' },
  },
  token: {
    title: 'Tokens for programs', what: 'Lets another program read figures for you. Each token has one purpose and never more rights than you.',
    name: 'What it is for', nameHint: 'For example: the commune notice board', lasts: 'Lasts', days: (n) => `${n} days`, endless: 'no end',
    all: 'May do everything you may, not only look', add: 'Make a token', none: 'No tokens yet.', secret: 'Token',
    made: (name) => `The token for “${name}” is made. Copy it now: it is shown this once.`,
    reads: 'reads only', acts: 'may change things', unused: 'Never used', used: (time, date) => `Last used ${date} at ${time}`,
    until: (date) => `until ${date}`, over: 'has ended', end: 'Delete', endThis: (name) => `Delete the token “${name}”`,
    endWhat: 'The program that uses it can no longer come in.',
  },
  users: {
    rights: 'Who may do what', rightsWhat: 'A role counts in the area where it is held and in every area below.', may: 'May', mayNot: 'May not', holders: (n) => (n === 0 ? 'nobody yet' : n === 1 ? '1 person' : `${n} people`),
    add: 'Add a user', name: 'Name', login: 'User name', password: 'First password', phone: 'Phone (optional)',
    role: 'Role', area: 'In area', added: (name) => `${name} was added.`,
    edit: 'Edit', disabled: 'locked', addRole: 'Add a role', removeRole: 'Remove this role', reset: 'Reset password', disable: 'Lock the account', enable: 'Unlock',
    resetTitle: (name) => `Reset the password of ${name}?`, resetWhat: 'This person is logged out everywhere and their tokens end. You will see a temporary password to hand over.',
    disableTitle: (name) => `Lock the account of ${name}?`, disableWhat: 'This person is logged out at once and cannot come back. What they did stays in the log.',
    dropTotp: 'Drop the second step', dropTotpTitle: (name) => `Drop two-step log-in of ${name}?`, dropTotpWhat: 'For somebody who lost the phone and the recovery codes. Make sure that it is really them who ask.',
    temporary: 'Temporary password', temporaryWhat: (name) => `Give this password to ${name}. It is shown this once and must be changed at log-in.`,
  },
}
