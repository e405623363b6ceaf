// The office: policies, groups, holidays, settings, system log.
import type { office as source } from '../vi/office'

export const office: typeof source = {
  policy: {
    effective: (area) => `In force at ${area}`, own: (area) => `Own policy of ${area}`,
    tighten: 'It can only be tighter than the areas above, never looser. Empty means as above.', empty: 'Empty: no further limit.',
    from: 'from', until: 'until', remove: 'Remove this row', addSpan: 'Add hours', asAbove: 'As above', everyDay: 'Every day',
    quiet: 'Quiet hours', quietHint: 'Nothing plays except emergency alerts. Where the top level says nothing, 22:00–04:45 applies.', allNight: 'No quiet hours, stations may play at night too', windows: 'Permitted hours', windowsHint: 'Plays only in these hours. None: all day, except quiet hours.',
    ceilings: 'Volume ceilings', ceilingsHint: 'No louder than this in these hours.', gain: 'dB', forClass: 'Applies to', everyClass: 'All classes', onlyClass: (name) => `(${name} bulletins only)`,
    session_min: 'At most per session (minutes)', day_min: 'At most per day (minutes)', live_max_min: 'Longest live speech (minutes)', approvers: 'People who approve',
    data_day_mb: 'SIM data of each station a day (MB)', data_month_mb: 'SIM data of each station a month (MB)',
    mayPriority: 'Priority bulletins may be scheduled',
    say: {
      quiet: (list, usual) => (list.length > 0 ? `Quiet hours: ${list.join('; ')}${usual ? ' (the default)' : ''}. Nothing plays except emergency alerts.` : 'No quiet hours: stations may play at night too.'),
      windows: (list) => `Plays only: ${list.join('; ')}.`,
      ceiling: (span, gain) => `${span}: ${gain} dB at most.`,
      session: (n) => `At most ${n} minutes per session.`, day: (n) => `At most ${n} minutes per day.`, live: (n) => `Live speech for at most ${n} minutes.`,
      dataDay: (n) => `Each station uses at most ${n.toLocaleString('en')} MB a day: then it stops relaying, emergency alerts still play.`, dataMonth: (n) => `Each station uses at most ${n.toLocaleString('en')} MB a month: then it stops relaying, emergency alerts still play.`,
      approvers: (n) => (n === 1 ? 'Each bulletin needs 1 approval.' : `Each bulletin needs ${n} approvals.`), noPriority: 'No priority bulletins may be scheduled.', emergency: 'Emergency alerts may play at any hour.',
    },
  },
  groups: {
    what: 'A group is a named set of areas and stations, to schedule once for all of them. Areas outside your own have to agree first.',
    none: 'No group yet.', add: 'Make a group', name: 'Name', nameHint: 'For example: communes along the river', members: 'Members', remove: 'Delete the group',
    removeTitle: (name) => `Delete the group ${name}?`, removeWhat: 'Areas and stations stay; only the group goes.', accept: 'Accept', refuse: 'Refuse', withdraw: 'Withdraw',
    where: 'Play for a group', reach: (name, places) => `${name}: ${places || 'nobody has accepted yet'}.`, waiting: (places) => `Does not play at ${places} yet: that area has not accepted.`, refusing: (places) => `Does not play at ${places}: that area refused.`,
    elsewhere: 'Ask another area', elsewhereHint: 'Type the name of a commune or ward outside your own. It has to accept.', askAgain: 'Ask again',
    state: { own: 'own', requested: 'asked', accepted: 'accepted', refused: 'refused', withdrawn: 'withdrawn' },
  },
  holidays: {
    what: 'Broadcasts can skip these days, or play only on them.', year: 'Year', edit: 'Edit the holidays', name: 'Name', day: 'Day', month: 'Month', days: 'How many days', lunar: 'By the lunar calendar', add: 'Add a day',
    remove: (name) => `Remove ${name}`, change: (name) => `Change ${name}`, before: 'Previous year', after: 'Next year', empty: (year) => `Nothing in ${year} yet.`,
    addCalendar: 'Add a calendar', calendarName: 'Name of the calendar', calendarHint: 'For example: Festivals of the province', rename: 'Rename the calendar', english: 'English name, if any',
    first: 'Begins', firstOf: (n) => (n === 0 ? 'On that day' : n < 0 ? `${-n} days before` : `${n} days after`), from: 'From year', to: 'To year', falls: (days) => `Falls on ${days}.`,
    paste: (year) => `Change ${year} alone`, pasteLabel: 'The days off, one day or one span a line', pasteHint: 'For example: 30/04 Reunification Day; or 14/02 - 20/02 Tet. That year then has exactly these days off; other years stay as they are.',
    pasteWrong: (line) => `“${line}” was not understood.`, pasteStore: (year) => `Store the days of ${year}`,
    delete: 'Delete calendar', deleteName: (name) => `Delete the calendar ${name}`, deleteTitle: (name) => `Delete the calendar “${name}”?`, deleteWhat: 'No broadcast uses this calendar. Right after deleting you can still undo.',
    used: (n) => `It cannot be deleted yet: ${n === 1 ? '1 broadcast uses' : `${n} broadcasts use`} it. Change their days first.`, gone: (name) => `Deleted the calendar “${name}”.`,
    on: (day, month, lunar, days) => `${day}/${month}${lunar ? ' lunar' : ''}${days > 1 ? `, ${days} days` : ''}`,
  },
  settings: {
    organisation: 'Organisation', elsewhere: 'Other settings', atTheTop: 'Only administrators of the topmost area can change this.',
    report_heading: 'Name of the office on reports', report_place: 'Place of issue on reports', support: 'Who helps',
    hint: { report_heading: 'As printed on official letters, one line for each level.', report_place: 'For example: Hưng Yên', support: 'Name and phone number, shown on the help page.' },
  },
  audit: {
    csv: 'Download the table', search: 'Search', searchHint: 'People, areas, contents; accents do not matter.', kind: 'About', system: 'System',
    about: {
      login: 'Log-in', session: 'Sessions', user: 'Users', token: 'Access tokens', area: 'Areas', group: 'Groups', station: 'Stations', bulletin: 'Bulletins', programme: 'Programmes',
      broadcast: 'Broadcasts', alert: 'Emergency alerts', holidays: 'Holidays', settings: 'Settings',
    },
    verbs: {
      'login.failed': 'failed to log in', 'session.end': 'ended a session', 'session.end_others': 'ended other sessions', 'user.create': 'added a user', 'user.change': 'changed a user', 'user.disable': 'locked an account',
      'user.enable': 'unlocked an account', 'user.reset_password': 'reset a password', 'user.reset_totp': 'removed a second step', 'token.create': 'made a token', 'token.delete': 'deleted a token',
      'area.create': 'added an area', 'area.change': 'changed an area', 'area.import': 'imported areas', 'area.outlines': 'imported outlines', 'area.policy': 'changed a policy', 'area.tune': 'changed a signature tune',
      'station.accept': 'paired a station', 'station.change': 'changed a station', 'station.import': 'imported stations', 'station.retire': 'retired a station', 'station.replace': 'replaced a device', 'station.wrong_code': 'typed a wrong pairing code',
      'bulletin.create': 'made a bulletin', 'bulletin.change': 'changed a bulletin', 'bulletin.submit': 'sent for approval', 'bulletin.approve': 'approved a bulletin', 'bulletin.reject': 'returned a bulletin', 'bulletin.reject_wider': 'refused a wider broadcast', 'bulletin.withdraw': 'withdrew a bulletin',
      'broadcast.create': 'scheduled a broadcast', 'broadcast.change': 'changed a broadcast', 'broadcast.delete': 'deleted a broadcast', 'broadcast.displace': 'saved a broadcast that takes airings from others', 'broadcast.displaced': 'a broadcast lost airings to another', 'broadcast.loss_seen': 'saw that airings were lost', 'calendar_link.create': 'made a calendar link', 'calendar_link.delete': 'removed a calendar link', 'group.create': 'made a group', 'group.change': 'changed a group', 'group.delete': 'deleted a group', 'group.accept': 'accepted a group',
      'group.refuse': 'refused a group', 'group.withdraw': 'withdrew from a group', 'group.request': 'asked again for a group', 'programme.create': 'made a programme', 'programme.change': 'changed a programme', 'programme.delete': 'deleted a programme',
      'template.save': 'saved a template', 'template.delete': 'deleted a template', 'holidays.change': 'changed holidays', 'holidays.delete': 'removed a calendar of holidays', 'settings.change': 'changed settings', 'access_policy.totp_on': 'made two-step log-in mandatory', 'access_policy.totp_off': 'made two-step log-in optional',
      'alert.issue': 'issued an emergency alert', 'alert.cancel': 'stopped an emergency alert', 'airing.stop': 'stopped an airing', 'station.test_tone': 'sounded a test tone', 'station.volume': 'set the volume', 'station.mute': 'muted the station', 'station.unmute': 'let the station play again',
      'alert.drill': 'held a drill', 'alert.drill_cancel': 'stopped a drill', 'alert.review': 'reviewed an alert', 'alert_clip.create': 'added a prepared message', 'alert_clip.change': 'changed a prepared message', 'alert_clip.delete': 'removed a prepared message', 'alert_clip.drill_words': 'changed the words that announce drills',
      'area.legacy': 'noted an older system', 'area.precedence': 'changed the order of priorities', 'broadcast.import': 'imported a calendar', 'source.create': 'added a relay source', 'source.change': 'changed a relay source', 'source.delete': 'removed a relay source',
      'password.change': 'changed their password', 'password.refused': 'failed to change their password', 'profile.change': 'changed their profile', 'totp.on': 'switched two-step log-in on', 'totp.off': 'switched two-step log-in off', 'totp.refused': 'typed a wrong second code',
      'recovery_code.renew': 'renewed recovery codes', 'recovery_code.use': 'used a recovery code', 'retention.prune': 'deleted data past its time of keeping',
    },
    fields: {
      name: 'name', title: 'title', login: 'login', phone: 'phone', area: 'area', parent: 'below', kind: 'kind', lat: 'latitude', lon: 'longitude', volume_db: 'volume (dB)', rows: 'rows', reason: 'reason',
      report_heading: 'heading', report_place: 'place', support: 'support', one_person_approves: 'approves alone', disabled: 'locked', language: 'language', serial: 'serial number', count: 'count',
    },
  },
}
