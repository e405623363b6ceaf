// The rules of a broadcast: options of "when", breaches, who goes first, changes of a series, programmes, calendar files.
import { joined } from '../../pure/text'
import type { rules as source } from '../vi/rules'
import { count } from './shared'

const AND = ' and '

export const rules: typeof source = {
  rules: {
    more: 'More options', calendarKind: 'Count days by', lunar: 'Lunar calendar', solar: 'Solar calendar',
    monthDay: (day) => (day === -1 ? 'Last day' : `Day ${day}`),
    lunarDay: (day, month, leap) => `lunar day ${day} of ${leap ? 'leap ' : ''}month ${month}`,
    next: (days) => `Next days: ${days}`,
    otherDays: 'Other days of the month as well', otherDaysHint: 'For example: 10, 20', months: 'Only in these months (none: in every month)', leap: 'Also in leap months',
    everyLabel: 'How often', every: (n, weeks) => (n === 1 ? (weeks ? 'Every week' : 'Every day') : `Every ${n} ${weeks ? 'weeks' : 'days'}`),
    holidays: 'On holidays', holiday: { ignore: 'Plays as usual', except: 'Does not play', only: 'Plays on holidays only' }, calendar: 'By the calendar',
    until: 'Last day', untilHint: 'Day/month/year. Leave it empty for no end.',
    count: 'How many times in a row', times: (n) => (n === 1 ? 'Once' : `${n} times`), gap: 'Pause in between', minutes: (n) => (n === 0 ? 'No pause' : n < 60 ? count(n, 'minute') : count(n / 60, 'hour')),
    preempt: 'If another bulletin pre-empts it', preempts: { resume: 'Play the rest afterwards', restart: 'Play again from the top', drop: 'Leave out the rest' },
    late: 'If a station cannot play at its time', lates: (n, usual) => (n === null ? `Wait for up to ${usual} minutes (usual)` : n === 0 ? 'Do not wait, leave it out' : n < 60 ? `Wait for up to ${n} minutes` : `Wait for up to ${count(n / 60, 'hour')}`),
    need: { days: 'Choose at least one day of the month.', start: 'Nothing is left to play. Correct the days, the months or the last day.' },
    say: {
      repeat: (n, gap) => `Plays ${n} times${gap > 0 ? `, ${count(gap, 'minute')} apart` : ' without a pause'}.`,
      preempt: { restart: 'When pre-empted it plays again from the top.', drop: 'When pre-empted the rest is left out.' },
      late: (n) => (n === 0 ? 'It is left out where it cannot play in time.' : `It plays up to ${n} minutes late.`),
      holidays: { except: 'Not on holidays.', only: 'Only on holidays.' },
      months: (months) => `Only in month ${joined(months.map(String), AND)}.`, until: (day) => `Until ${day}.`,
    },
  },
  breach: {
    title: 'This time is against a policy', above: 'This time is against a policy. See the time above.',
    row: (area, why, n, of, first, limits) => `${area}: ${why}${of > 1 ? ` ${n} of ${of} starts, the first at ${first}.` : ''}${limits ? ` The policy: ${limits}.` : ''}`,
    take: (at) => `Move to ${at} (the nearest time that fits)`, none: 'No time within half a day fits. Choose another day, or make the bulletin shorter.',
    leaveOut: (names) => `Do not play at ${names}; all other places still play`, leftOut: 'Leave out the areas below that refuse this time',
  },
  precedence: {
    title: 'Who goes first', who: 'Same class, same time: who goes first?', byRule: 'By the general rule', thisOne: 'This bulletin goes first', other: (title) => `“${title}” goes first`,
    what: 'Where two of one class meet, the upper one plays at its time and the lower one directly afterwards. Emergencies and priority always go before normal ones.',
    day: (day) => `Only ${day}`, every: 'Every day', forWhen: 'Holds for', save: 'Save the order', drop: 'Drop the order', saved: 'The order is saved. Stations are fetching the new plan.',
    none: 'The area has no order: the higher level goes first, then the earlier order.', own: 'The area made this order.',
    up: (title) => `Move “${title}” up`, down: (title) => `Move “${title}” down`,
    stored: (title) => `On a clash “${title}” goes first.`, notStored: (why) => `It is scheduled, but who goes first could not be saved: ${why}. Set it in the schedule.`,
  },
  change: {
    what: 'What to change', kinds: { time: 'Time', rule: 'Days', how: 'How it plays', stop: 'Leave out' },
    ruleOnly: 'Days can be changed for this and all following, or for all.', custom: 'This series repeats by a rule of its own. Choose new days below to replace it.',
    save: 'Save the change', exceptions: 'Does not play on', exceptionsHint: 'Day/month/year, one day a line.', exceptionsWrong: (text) => `“${text}” is no day. Write it like 22/11/2026.`,
    gain: 'Volume', late: 'At most late by', keep: 'As it was', same: 'Nothing was changed.',
    confirm: { this: 'Leave this one out?', following: 'End it from here?', all: 'Leave out all to come?' },
    confirmText: (title, at) => `“${title}”, from ${at}. This cannot be undone; to play it again, schedule it anew.`,
    confirmThis: (title, at) => `“${title}” at ${at} will not play. All others stay.`,
    confirmRule: { title: 'Change the days?', text: (before, after, from) => `From ${from}: “${before}” becomes “${after}”. What was moved singly after that day follows the new rule.`, yes: 'Change the days' },
    moved: (title, at) => `“${title}” moved to ${at}.`, changed: (title) => `“${title}” is changed.`, left: (title) => `“${title}” is left out.`, undo: 'Undo', undone: 'It is as it was.',
    later: (from) => `from ${from}`,
  },
  programmes: {
    what: 'A programme is a list of items that play without a gap, as one airing: the tune, a relay, a bulletin, the same in another language.',
    none: 'There are no programmes yet. “New programme” puts a tune, a relay and bulletins together.', add: 'New programme', edit: (title) => `Change ${title}`, title: 'Name of the programme', titleHint: 'For example: Monday morning',
    items: (n) => count(n, 'item'), total: (length) => `Total length: ${length}`, unknown: (n) => `${count(n, 'item')} of unknown length`,
    list: 'Items, played from the top', up: (name) => `Move ${name} up`, down: (name) => `Move ${name} down`, drop: (name) => `Remove ${name}`, drag: 'Drag to another place',
    tune: 'The area’s tune', noTune: 'The area has no tune; this item will be left out.', gain: 'Volume', minutes: 'Relay for how many minutes', source: 'Station to relay',
    addTune: 'Add the tune', addBulletin: 'Add a bulletin', addRelay: 'Add a relay', pick: 'Choose a bulletin', find: 'Find a bulletin', take: 'Add', noRelay: 'No station of the area can relay within a programme yet.', noSource: 'There are no relay sources yet.',
    sameIn: (title) => `The same title as “${title}” in another language:`, notApproved: 'not approved, will be left out', withdrawn: 'withdrawn, will be left out',
    save: 'Save the programme', saved: 'Saved. What airs it is planned again.', need: 'Add at least one bulletin or relay.', needTitle: 'Give the programme a name.',
    remove: 'Delete the programme', removeTitle: (title) => `Delete ${title}?`, removeWhat: 'Its bulletins stay. It cannot be deleted while a broadcast to come uses it.',
    change: 'Change', slot: 'Which item is a new bulletin each time the template is used', slotAtEnd: 'None; add a new bulletin at the end',
    order: 'Schedule', template: 'Keep as a template', templateSaved: 'Kept as a template. It is on the compose page.', send: 'Schedule the programme', ordered: 'The programme is scheduled.', waiting: 'Scheduled. It waits until its bulletins are approved.',
  },
  calendars: {
    title: 'Calendar file (.ics)', open: 'Import, export',
    exportTitle: 'Export the schedule', exportWhat: (area) => `A calendar file of ${area} and the areas inside, for any calendar program.`, download: 'Download the file',
    address: 'Address to subscribe to', addressHint: 'A calendar program reads this address with a token (Account → Tokens, right to view) in the Authorization header.',
    importTitle: 'Import a calendar', importWhat: 'Choose an .ics file. You will see what was understood; nothing is stored until you choose bulletins and confirm.', choose: 'Choose a calendar file', other: 'Choose another file',
    tooLarge: 'The file is larger than 1 MB. Split it.',
    report: (accepted, refused, ignored) => `${count(accepted, 'event')} understood${refused > 0 ? `, ${refused} refused` : ''}${ignored > 0 ? `, ${count(ignored, 'other part')} ignored (reminders, tasks)` : ''}.`,
    stored: (n) => `${count(n, 'broadcast')} scheduled.`, refused: 'Refused', oneOf: 'One moved occurrence of a series', sound: (title) => `What plays for “${title}”`, nothing: 'Do not import this event', forAll: 'Use it for all events without a choice',
    where: 'Where', take: (n) => `Schedule ${count(n, 'broadcast')}`, needSound: 'Choose a bulletin or programme for at least one event.', noSound: 'There is no approved bulletin yet. Compose one and have it approved, then import.',
    done: 'scheduled', back: 'Schedule',
  },
}
