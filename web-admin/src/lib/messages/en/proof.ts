// Proof: log, reports, coverage, evidence.
import type { proof as source } from '../vi/proof'
import { count, duration } from './shared'

export const proof: typeof source = {
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
  paper: {
    committee: (area) => `People’s Committee of ${area}`, radio: 'Radio station', report: 'Report', number: (sign) => (sign ? `No.: ......../${sign}-........` : 'No.: ........'),
    dated: (place, day, month, year) => `${place}, ${day}/${month}/${year}`,
    signedHow: '(Signature and full name)', head: 'Head of the unit', headHow: '(Signature, full name and seal)',
  },
  reports: {
    title: 'Monthly report', month: 'Month', before: 'Previous month', after: 'Next month', stillOpen: 'The month is not over; figures still change.',
    nation: 'SOCIALIST REPUBLIC OF VIETNAM', motto: 'Independence - Freedom - Happiness', heading: (m, y) => `Radio broadcasting in ${m}/${y}`,
    signed: 'Prepared by', made: (time) => `Made at ${time}`,
    success: 'Played as planned', aired: 'Minutes aired', due: 'Due', uptime: 'Stations up', late: 'Late starts', drops: 'Times offline', stations: 'Stations',
    played: 'Played', partial: 'In part', missed: 'Missed', silent: 'No word yet', minutes: (ms) => `${Math.round(ms / 60000).toLocaleString('en')}\u00a0min`,
    was: (text) => `previous month ${text}`, days: 'Day by day', day: 'Day', areas: 'By area', area: 'Area', own: 'own stations',
    byClass: 'By class', bySource: 'By source', byLanguage: 'By language', byAuthor: 'By author', group: 'Group', reasons: 'Why not as planned', reason: 'Reason', airings: 'Airings',
    faults: 'Faults at stations now', none: 'No airings in this month.', noFaults: 'No station reports a fault.', chart: 'Chart of airings a day; the table below has the figures.', table: 'Show the figures of each day',
    sources: { speech: 'Read by machine', audio: 'Files, recordings, relays', '': 'Unknown' },
  },
  coverage: {
    title: 'Coverage', heading: 'Radio coverage', what: 'Communes and wards with a radio station, and with a digital one.', station: 'With a radio station', digital: 'With a digital station', target: (p) => `target ${p}`, reached: 'reached', notReached: 'not reached',
    commune: 'Commune, ward', stations: 'Digital stations', legacy: 'Older system', kinds: { none: 'None', fm: 'FM', wired: 'Wired' },
    of: (n, all) => `${n}/${all} communes and wards`, yes: 'yes', no: 'not yet', none: 'There is no commune or ward in this area.',
  },
  evidence: {
    timeline: 'What happened', measured: 'Measured by the station', author: 'Author', approver: 'Approver', planned: 'Planned', started: 'Started', ended: 'Ended',
    grade: 'Evidence grade', level: 'Level / peak', frames: 'Frames out of the sound device', xruns: 'Drop-outs', mixer: 'Mixer', muted: 'muted',
    trust: 'Clock trust', none: 'No figures from the station yet.', noReceipt: 'No receipt from the station yet.',
    more: (n: number) => `The station sent more than these ${n} receipts of this airing. The server keeps all of them for auditors.`,
    receipt: (counter) => `Receipt ${counter}, signed by the station.`,
    steps: {
      approved: 'Approved', ordered: 'Scheduled', signed: 'Signed into the plan', fetched: 'The station took the plan', due: 'Planned start', started: 'Started',
      ended: 'Ended', told: 'The station signed its receipt', stored: 'Receipt stored', closed: 'Closed: never reported',
    },
    signatures: { good: 'signature correct', bad: 'signature WRONG', other_key: 'signed with an older key of the station' },
    proof: 'Signed proof', plan: (v, epoch) => `Plan ${epoch}.${v} of the station, signed by the server.`, sha: 'SHA-256', counts: 'counts', notCounted: 'does not count',
    clockError: (ms) => `clock within ${Math.round(ms)} ms`,
    conflict: 'There is more than one receipt for this airing. The first one that says “played” counts.',
    unreported: 'After 60 days without word from the station the server closed this airing and signed that. A late receipt still counts.',
    waitsFor: (state, missing) => (missing > 0 ? `The station still lacks ${count(missing, 'file')}.` : state === 'online' ? 'The station has every file.' : 'The station has every file but is offline.'),
    sounded: 'What was heard', standsIn: (title: string) => `stand-in: ${title}`,
    late: (ms) => (Math.abs(ms) < 1000 ? `off by ${ms} ms` : `${duration(ms)} late`),
    grades: {
      E0: 'none', E1: 'the station says so', E2: 'sound left the sound device', E3: 'measured at the amplifier', E4: 'horn self-test passed', E5: 'heard by a microphone on site',
    },
  },
}
