// Same shape as vi.ts, or the type check fails the build.
import { joined } from '../pure/text'
import type { Messages } from './index.svelte'

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`
const duration = (ms: number): string => {
  const s = Math.round(ms / 1000)
  return s < 60 ? `${s} s` : s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`
}

const LONG = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const LANGUAGES: Record<string, string> = {
  vi: 'Vietnamese', tyz: 'Tày', nut: 'Nùng', hmn: 'Hmong', ium: 'Dao', mtq: 'Mường', blt: 'Thái', jra: 'Jarai', rad: 'Rade', bdq: 'Bahnar', km: 'Khmer', cjm: 'Cham',
}

const TITLES: Record<string, string> = {
  '': 'Home', schedule: 'Schedule', compose: 'Compose', stations: 'Stations', log: 'Play log',
  approvals: 'Approvals', sounds: 'Sound library', reports: 'Reports', sources: 'Relay sources', coverage: 'Coverage', alerts: 'Emergency alerts', 'alert-log': 'Alerts issued',
  areas: 'Areas', groups: 'Groups', users: 'Users and roles', pairing: 'Pair a station', policies: 'Policies', holidays: 'Holidays',
  settings: 'Settings', audit: 'System log', account: 'Account', roles: 'Who may do what', help: 'Help', more: 'More',
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
    more: (n) => `${n} more`,
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
  class: { normal: 'Normal', priority: 'Priority', emergency: 'Emergency' },
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
    policy: 'Administrators must log in in two steps', policyAlerts: 'Only who logs in in two steps may order emergencies',
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
    notReady: (n) => `${count(n, 'station')} without the file`,
    noBackup: 'There is no backup yet.', lateBackup: (hours: number) => `The last backup was ${hours} hours ago.`,
    backupWhat: 'If the server breaks, what was done since then is lost. Run “loa doctor” on the server to see what to do.',
  },
  alert: {
    what: 'Sounds at once, over every programme.', chooseWhat: 'Choose what has to sound now', other: 'Choose another message',
    go: 'Hold to sound the alert', drillGo: 'Hold to start the drill', again: 'Press once more to sound it',
    holdWhat: 'Hold the button for 1.5 seconds. If you cannot hold, press twice.', againWhat: 'Press once more within 5 seconds.',
    every: 'Repeats', rhythm: (minutes: number) => (minutes === 0 ? 'once' : `every ${minutes} minutes`), reason: 'Reason (kept in the log)',
    because: (reason: string) => `Reason: ${reason}`,
    count: (n: number, of: number) => `${n}/${of} stations have sounded`, sounding: (n: number) => `${n} sounding now`, failed: (n: number) => `${n} failed`,
    waiting: (n: number) => `${n} without word yet`, plays: (n: number) => `${n} plays in all`,
    stop: 'Stop the alert', correct: 'Correct it', correctWith: (title: string) => `Correct “${title}”: choose what replaces it`,
    correctsWhat: (title: string) => `“${title}” stops as soon as this sounds, in the same places.`,
    until: (time: string) => `Expires ${time}`, cancelledBy: (name: string, time: string) => `stopped by ${name}, ${time}`,
    states: { active: 'In force', cancelled: 'Stopped', expired: 'Expired' },
    cutOff: (n: number) => `${n} ${n === 1 ? 'station is' : 'stations are'} cut off and still repeating`, cutOffWhat: (time: string) => `Where no new order arrives it repeats until ${time}.`,
    drillMode: 'Drill', drillModeWhat: 'Drill: the horns say “this is a drill” before the message, and sound once.', drillOf: (title: string) => `DRILL: ${title}`,
    drillWhat: 'A drill: sounds once, after words that say so.', past: 'Past', nonePast: 'There has been no alert yet.',
    review: 'Review', reviewReason: 'Finding', reviewHint: 'Was the order right, and why.', verdicts: { right: 'Right', wrong: 'Not right' },
    unreviewed: 'Not reviewed yet.', noneReady: 'No prepared message is ready.', prepare: 'Prepare messages',
    clips: 'Prepared messages', clipsWhat: 'Stations hold these ready, so they sound even without a network.', noClips: 'None yet.',
    fromBulletin: 'Approved bulletin', choose: 'Choose a bulletin', clipTitle: 'Short name on the button (optional)', severity: 'Severity',
    severities: ['Minor', 'Moderate', 'Severe', 'Very severe', 'Disaster'], atPole: 'Button at the station', button: (n: number) => `button ${n}`, noButton: 'no button',
    addClip: 'Add the message', removeClip: (title: string) => `Remove “${title}”?`, removeClipWhat: 'Stations no longer hold this message ready, and its button at the pole does nothing.', remove: 'Remove it',
    clipStates: { ready: 'ready', working: 'sound being made', withdrawn: 'cannot be used' },
    stopNow: 'Stop', stopTitle: (title: string) => `Stop “${title}”?`, stopWhat: (n: number) => `Stops at once at the ${n} ${n === 1 ? 'station that is' : 'stations that are'} sounding.`, stopSent: 'The order to stop is on its way.',
  },
  compose: {
    language: 'Language spoken', gain: 'Volume', gainOf: (db: number) => (db === 0 ? 'Normal' : `${-db} dB lower`),
    tune: (title: string) => `Begin with the tune “${title}”`, templates: 'Templates', useTemplate: (title: string) => `Use the template ${title}`,
    templateOn: (title: string, items: string) => `By the template “${title}”: ${items}`, templateOff: 'Without the template', slot: 'this bulletin',
    keepTemplate: 'Keep this as a template', templateName: 'Name of the template', templateHint: 'For example: Weekday morning', templateKept: 'The template is kept.',
    verdict: {
      clear: (n: number) => `No clash. ${n} stations will play on time.`, none: 'There is no station where you chose.',
      asking: 'Looking for clashes…', own: 'This bulletin', other: (title: string, at: string) => `“${title}” at ${at}`,
      moved: (at: string) => `moves to ${at}`, cut: 'is interrupted or cut', missed: 'cannot play',
      row: (who: string, what: string, n: number, why: string) => `${who}: ${what} at ${n} stations. ${why}`,
      more: (n: number) => `and ${n} more changes`, free: (at: string) => `Move to ${at} (the nearest free time)`,
    },
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
  sounds: {
    search: 'Find by title or author', none: 'No bulletins yet. Compose the first one.', nothing: 'No bulletin found.',
    state: { draft: 'Draft', submitted: 'Awaiting approval', approved: 'Approved', rejected: 'Returned', withdrawn: 'Withdrawn' } as Record<string, string>,
    onlyState: 'Filter by state', all: 'All', again: 'Play again now', againHint: (where: string) => `Play now at ${where}`,
    yesterday: 'Played yesterday', versions: 'Versions', version: (n: number) => `Version ${n}`, airs: 'the one that airs',
    act: { submit: 'submitted', approve: 'approved', reject: 'returned', withdraw: 'withdrew' } as Record<string, string>,
    step: (act: string, by: string, at: string, scope: string) => `${at}: ${by} ${act} (${scope})`,
    withdraw: 'Withdraw', withdrawAsk: (title: string) => `Withdraw “${title}”?`, withdrawWhat: 'The bulletin stops airing everywhere, also where it waits. The log keeps what was played.',
    tune: 'Use as lead-in tune', tuneIs: 'Lead-in tune of this area', tuneOff: 'Remove the tune', approver: (name: string) => `Approved by ${name}`,
    language: (tag: string) => LANGUAGES[tag] ?? tag,
  },
  undo: {
    button: (s: number) => `Undo (${s})`, busy: 'Cancelling…', over: 'The time for undo has passed. Use stop on the home page if needed.',
    nothing: 'Cancelled. No station had received this order.', waiting: (n: number, of: number) => `Cancelled. ${n} of ${of} stations have dropped the order, waiting for the others…`,
    done: (of: number) => `Cancelled. All ${of} stations have dropped the order.`, unsure: (n: number) => `${n} stations have not answered and may still play it.`,
    played: (n: number) => `${n} stations played it before the cancel reached them.`,
  },
  roles: {
    intro: 'A role held in an area counts there and in every area below, never above and never beside.',
    what: 'What', may: 'may', mayNot: 'may not', yours: 'your role',
  },
  approvals: {
    wider: 'On air. A broadcast wants to go further than it was approved for:', covers: (area: string, priority: boolean) => `Approval for: ${area}${priority ? ', as priority' : ''}`,
    two: (given: number, needed: number) => `Needs ${needed} people, ${given} so far.`, givenBy: (names: string) => `Approved by: ${names}`,
    approveWider: 'Approve the wider broadcast', dropOrder: 'Delete this broadcast', reviews: (n: number) => `${n} emergencies wait for their review.`, acceptances: (n: number) => `${n} groups across communes wait for this area to accept.`,
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
    fold: (from, to) => `${from}–${to} is empty, tap to open`,
  },
  station: {
    state: { online: 'Online', offline: 'Offline', never: 'Never connected', faulty: 'Faulty' },
    none: 'There is no station yet.', add: 'Pair a station', search: 'Find a station or village',
    lastContact: (time, day) => `Last contact ${day}${time}`,
    now: 'Right now', readiness: 'Readiness', recent: 'Recent airings', contact: 'Last contact', playing: 'Playing', notPlaying: 'nothing',
    level: 'Output level', volume: 'Volume', amplifier: 'Amplifier', clock: 'Clock', plan: 'Plan', media: 'Audio files',
    receipts: 'Receipts waiting', storage: 'Free storage', software: 'Software', model: 'Device',
    mains: 'Mains', mainsIs: (on: boolean): string => (on ? 'on' : 'gone'), battery: 'Battery', temperature: 'Temperature', current: 'Amplifier current',
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
    refusals: 'Refused by the station', refusalsWhat: 'What the station was told and did not believe. A few after a change of keys are normal; many are for the administrator.',
    refusedTimes: (count, last) => `${count} times, last ${last}`,
    refusedWhat: { plan: 'Plan', root: 'Root document', time: 'Time', command: 'Command', media: 'Audio file', import: 'USB stick', other: 'Other' },
    refusedWhy: {
      'too-large': 'too large', 'no-envelope': 'not readable', 'wrong-type': 'of the wrong type', 'key-unknown': 'an unknown key', 'bad-signature': 'the signature does not hold',
      'not-mine': 'of another station', 'old-epoch': 'of a time that has ended', 'old-version': 'an old version', malformed: 'malformed', unsupported: 'not supported by this software',
      'wrong-version': 'out of order', 'wrong-hash': 'its content was changed', expired: 'expired',
    },
    replace: 'Replace the device', replaceCode: 'Pairing code of the new device', replaced: 'The device is replaced.',
    replaceWhat: 'The new device takes over name, schedule and log of this station. The old one may only send receipts of what it played before.',
    retire: 'Retire the station', retireTitle: (name) => `Retire ${name}?`,
    retireWhat: 'The station gets no more plans. Its log is kept.',
  },
  log: {
    title: 'Play log', filters: 'Filters', class: 'Class', more: 'Show more', csv: 'CSV', xlsx: 'Excel', from: 'From', to: 'To', outcome: 'Outcome', station: 'Station', any: 'All', anyStation: 'Any station',
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
      if (c.unreported) parts.push(`${c.unreported} never reported`)
      return parts.join(' · ')
    },
  },
  reports: {
    title: 'Monthly report', month: 'Month', before: 'Month before', after: 'Month after', stillOpen: 'The month is not over; figures still change.',
    nation: 'SOCIALIST REPUBLIC OF VIETNAM', motto: 'Independence - Freedom - Happiness', heading: (m, y) => `MONTHLY RADIO REPORT ${m}/${y}`,
    signed: 'Prepared by', made: (time) => `Made ${time}`,
    success: 'Played as planned', aired: 'Minutes aired', due: 'Due', uptime: 'Stations up', late: 'Late starts', drops: 'Times offline', stations: 'Stations',
    played: 'Played', partial: 'In part', missed: 'Missed', silent: 'No word', cancelled: 'Cancelled', upcoming: 'Upcoming', minutes: (ms) => `${Math.round(ms / 60000).toLocaleString('en')}\u00a0min`,
    was: (text) => `month before ${text}`, days: 'Day by day', day: 'Day', areas: 'By area', area: 'Area', own: 'own stations',
    byClass: 'By class', bySource: 'By source', byLanguage: 'By language', byAuthor: 'By author', group: 'Group', reasons: 'Why not as planned', reason: 'Reason', airings: 'Airings',
    faults: 'Faults at stations now', none: 'No airings in this month.', noFaults: 'No station reports a fault.', chart: 'Chart of airings a day; the table below has the figures.', table: 'Show the figures of each day',
    sources: { speech: 'Read by machine', audio: 'Files, recordings', '': 'Not known' },
    languages: { vi: 'Vietnamese', tyz: 'Tày', nut: 'Nùng', hmn: 'Hmong', '': 'Not known' },
  },
  coverage: {
    title: 'Coverage', what: 'Communes and wards with a station, and with a digital one.', station: 'With a station', digital: 'With a digital one', target: (p) => `target ${p}`, reached: 'reached', notReached: 'not reached',
    commune: 'Commune, ward', stations: 'Digital stations', legacy: 'Older system', kinds: { none: 'None', fm: 'FM', wired: 'Wired' },
    of: (n, all) => `${n}/${all} communes and wards`, yes: 'yes', no: 'not yet', none: 'There is no commune or ward in this area.',
  },
  evidence: {
    timeline: 'What happened', measured: 'Measured by the station', author: 'Author', approver: 'Approver', planned: 'Planned', started: 'Started', ended: 'Ended',
    grade: 'Evidence grade', level: 'Level / peak', frames: 'Frames out of the sound device', xruns: 'Drop-outs', mixer: 'Mixer', muted: 'muted',
    trust: 'Clock trust', none: 'No figures from the station yet.', noReceipt: 'No receipt from the station yet.',
    receipt: (counter) => `Receipt ${counter}, signed by the station.`,
    steps: {
      approved: 'Approved', ordered: 'Scheduled', signed: 'Signed into the plan', fetched: 'The station took the plan', due: 'Planned start', started: 'Started',
      ended: 'Ended', told: 'The station signed its receipt', stored: 'Receipt stored', closed: 'Closed: never reported',
    },
    signatures: { good: 'signature holds', bad: 'signature does NOT hold', other_key: 'signed with an older key of the station' },
    proof: 'Signed proof', plan: (v, epoch) => `Signed plan ${epoch}.${v}`, sha: 'SHA-256', counts: 'counts', notCounted: 'does not count',
    clockError: (ms) => `clock right to ${Math.round(ms)} ms`,
    conflict: 'There is more than one receipt for this airing. The first that says played counts.',
    unreported: 'After 60 days without word from the station the controller closed this airing and signed so. A late receipt still counts.',
    waitsFor: (state, missing) => (missing > 0 ? `The station still lacks ${missing} files.` : state === 'online' ? 'The station has every file.' : 'The station has every file but is offline.'),
    late: (ms) => (Math.abs(ms) < 1000 ? `off by ${ms} ms` : `${duration(ms)} late`),
    grades: {
      E0: 'none', E1: 'the station says so', E2: 'sound left the sound device', E3: 'measured at the amplifier', E4: 'horn self-test passed', E5: 'heard by a microphone on site',
    },
  },
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
    add: 'Add a user', name: 'Name', login: 'User name', password: 'First password', phone: 'Phone (optional)',
    role: 'Role', area: 'In area', added: (name) => `${name} was added.`,
    edit: 'Edit', disabled: 'locked', addRole: 'Add a role', removeRole: 'Remove this role', reset: 'Reset password', disable: 'Lock the account', enable: 'Unlock',
    resetTitle: (name) => `Reset the password of ${name}?`, resetWhat: 'This person is logged out everywhere and their tokens end. You will see a temporary password to hand over.',
    disableTitle: (name) => `Lock the account of ${name}?`, disableWhat: 'This person is logged out at once and cannot come back. What they did stays in the log.',
    dropTotp: 'Drop the second step', dropTotpTitle: (name) => `Drop two-step log-in of ${name}?`, dropTotpWhat: 'For somebody who lost the phone and the recovery codes. Make sure that it is really them who ask.',
    temporary: 'Temporary password', temporaryWhat: (name) => `Give this password to ${name}. It is shown this once and must be changed at log-in.`,
  },
}
