// The frame: navigation, states, days, outcomes, home, help.
import type { shell as source } from '../vi/shell'
import { joined } from '../../pure/text'
import { count, duration } from './shared'

const LONG = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const TITLES: Record<string, string> = {
  '': 'Home', schedule: 'Schedule', compose: 'Compose', stations: 'Stations', log: 'Play log',
  approvals: 'Approvals', inbox: 'To look at', programmes: 'Programmes', sounds: 'Sound library', reports: 'Reports', sources: 'Relay sources', coverage: 'Coverage', alerts: 'Emergency alerts', 'alert-log': 'Alerts issued',
  areas: 'Areas', groups: 'Groups', users: 'Users and roles', pairing: 'Pair a station', policies: 'Policies', holidays: 'Holidays',
  settings: 'Settings', audit: 'System log', account: 'Account', roles: 'Who may do what', help: 'Help', more: 'More',
}

const TABS: Record<string, string> = { ...TITLES, log: 'Log' }

export const shell: typeof source = {
  nav: {
    main: 'Main sections', skip: 'Skip to content', unit: 'Area in view',
    title: (name) => TITLES[name] ?? TITLES[''],
    tab: (name) => TABS[name] ?? name,
    province: { '': 'Overview', compose: 'Bulletins to communes', schedule: 'Schedule', log: 'Log and evidence', approvals: 'Approvals', alerts: 'Alerts' },
    more: 'More', admin: 'Administration', alert: 'Emergency', alertBrief: 'Emergency',
  },
  connection: { live: 'Connected', stale: 'Old figures', offline: 'No connection' },
  action: {
    again: 'Try again', close: 'Close', keep: 'No, keep it', listen: 'Listen', pause: 'Pause', print: 'Print', save: 'Save', reload: 'Reload the page', copy: 'Copy', copied: 'Copied',
  },
  state: {
    loading: 'Loading…', wait: 'Please wait…', saved: 'Saved.', unknown: 'unknown', nothingFound: 'Nothing found.',
    found: (shown, all) => (shown < all ? `${shown} of ${all} shown. Type more to narrow.` : `${all} found`), shown: (n, all) => `${n} of ${all} shown`,
    more: (n) => `${n} more`, further: 'Show more', narrow: 'There are more. Type more to narrow.',
    stale: (time) => `Figures from ${time}; no update since then. Trying again.`,
  },
  error: {
    tooMany: (n) => `The list is longer than ${n} entries and is not shown`, tooManyWhat: 'Choose a smaller area and open it again.',
    offline: 'No connection',
    offlineWhat: 'The server cannot be reached. What you typed is kept; try again once you are online.',
    refusedBefore: 'The last try was refused', refusedBeforeWhat: 'Send it again to read the reason in English.',
    newPanel: 'The server has a new version. Reload the page.',
    away: 'Unknown: the server has not answered since this page was opened. Once you are online, this appears by itself.',
    awayDraft: 'Meanwhile you can go on writing; the draft is on this device.',
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
    bad_media: 'The file is damaged', displaced: 'Pre-empted by another bulletin', expired: 'No longer valid', device_fault: 'Sound device fault',
    policy: 'Outside permitted hours', local_stop: 'Stopped by hand at the station', unsupported: 'Station software too old', late: 'Too late to start', data_budget: 'No data left on the SIM', muted: 'Station muted',
  },
  class: { normal: 'Normal', priority: 'Priority', emergency: 'Emergency' },
  role: {
    administrator: 'Administrator', editor: 'Province editor', auditor: 'Auditor', commune_leader: 'Commune leader',
    commune_operator: 'Commune operator', village_head: 'Village head', technician: 'Technician', viewer: 'Viewer',
  },
  home: {
    clock: 'Server time', onAir: 'On air', stations: 'Stations', next: 'Coming up', week: 'See the whole week', compose: 'Compose a bulletin',
    silence: 'Nothing is playing right now.', allWell: 'No station needs attention.', nothingNext: 'Nothing is scheduled.',
    stripAbout: (n) => `Today at a glance: ${count(n, 'bulletin')}`,
    playing: (n, of) => `${n} of ${of} stations playing`,
    failed: (n) => `${count(n, 'station')} failed`,
    fine: (n, of) => `${n} of ${of} stations are fine`,
    waiting: (n, more) => `${more ? 'More than ' : ''}${count(n, 'bulletin')} awaiting approval`,
    notReady: (n) => `${count(n, 'station')} without the file`,
    noBackup: 'There is no backup yet.', lateBackup: (hours: number) => `The last backup was ${count(hours, 'hour')} ago.`,
    backupWhat: 'If the server breaks down, everything done since then is lost. Run “loa doctor” on the server to see what to do.',
  },
  undo: {
    button: (s: number) => `Undo (${s})`, busy: 'Cancelling…', asking: 'Cancelled. Asking the stations…', unheard: 'Cancelled, but the line is gone: it is not known which stations have dropped the order.', over: 'It is too late to undo. To stop it, press Stop on Home.',
    nothing: 'Cancelled. No station had received this order.', waiting: (n: number, of: number) => `Cancelled. ${n} of ${of} stations have dropped the order, waiting for the others…`,
    done: (of: number) => `Cancelled. ${of === 1 ? 'The station has' : `All ${of} stations have`} dropped the order.`, unsure: (n: number) => `${count(n, 'station')} ${n === 1 ? 'has' : 'have'} not answered and may still play it.`,
    played: (n: number) => `${count(n, 'station')} played it before the cancellation arrived.`,
  },
  again: { title: 'Played recently, can be played again', play: 'Play again' },
  since: {
    title: (time) => `Not played since ${time}`, seen: 'Seen', all: 'See all',
    sum: (missed, partial, unknown) => [missed && `${missed} missed`, partial && `${partial} partial`, unknown && `${unknown} no word yet`].filter(Boolean).join(' · '),
  },
  help: { search: 'What do you need to do?', none: 'No answer here. Try another word, or ask for help.', go: 'Open', support: 'Who helps:', why: 'Why did it not play?' },
}
