// Emergencies.
import type { alert as source } from '../vi/alert'

export const alert: typeof source = {
  alert: {
    what: 'Sounds at once, over every programme.', chooseWhat: 'Choose what has to sound now', other: 'Choose another message',
    go: 'Hold to sound the alert', drillGo: 'Hold to start the drill', again: 'Press once more to sound it',
    holdWhat: 'Hold the button for 1.5 seconds. If you cannot hold, press twice.', againWhat: 'Press once more within 5 seconds.',
    every: 'Repeats', rhythm: (minutes: number) => (minutes === 0 ? 'once' : minutes === 1 ? 'every minute' : `every ${minutes} minutes`), reason: 'Reason (kept in the log)',
    because: (reason: string) => `Reason: ${reason}`,
    count: (n: number, of: number) => `${n}/${of} stations have sounded`, sounding: (n: number) => `${n} sounding now`, failed: (n: number) => `${n} failed`,
    waiting: (n: number) => `${n} no word yet`, plays: (n: number) => (n === 1 ? '1 airing in all' : `${n} airings in all`),
    stop: 'Stop the alert', correct: 'Correct it', correctWith: (title: string) => `Correct “${title}”: choose what replaces it`,
    correctsWhat: (title: string) => `“${title}” stops as soon as this sounds, in the same places.`,
    until: (time: string) => `Expires at ${time}`, cancelledBy: (name: string, time: string) => `stopped by ${name} at ${time}`,
    states: { active: 'In force', cancelled: 'Stopped', expired: 'Expired' },
    cutOff: (n: number) => `${n} ${n === 1 ? 'station is' : 'stations are'} cut off and still repeating`, cutOffWhat: (time: string) => `A station that receives no new order repeats it until ${time}.`,
    drillMode: 'Drill', drillModeWhat: 'Drill: the horns say “this is a drill” before the message, and sound once.', drillOf: (title: string) => `DRILL: ${title}`,
    drillWhat: 'A drill: sounds once, after words that say so.', past: 'Past', nonePast: 'There has been no alert yet.',
    review: 'Review', reviewReason: 'Remarks', reviewHint: 'Whether the order was right, and why.', verdicts: { right: 'Right', wrong: 'Not right' },
    unreviewed: 'Not reviewed yet.', noneReady: 'No prepared message is ready.', prepare: 'Prepare messages',
    clips: 'Prepared messages', clipsWhat: 'Stations hold these ready, so they sound even without a network.', noClips: 'None yet.',
    fromBulletin: 'Approved bulletin', choose: 'Choose a bulletin', clipTitle: 'Short name on the button (optional)', severity: 'Severity',
    severities: ['Minor', 'Moderate', 'Severe', 'Very severe', 'Disaster'], atPole: 'Button at the station', button: (n: number) => `button ${n}`, noButton: 'no button',
    byHand: (n: number) => `Button ${n} at the station sounds this message without any network.`,
    addClip: 'Add a prepared message', changeClip: (title: string) => `Change “${title}”`, clipName: 'Short name on the button', removeClip: (title: string) => `Remove “${title}”?`, removeClipWhat: 'Stations no longer hold this message ready, and its button at the pole does nothing.', remove: 'Remove it',
    clipStates: { ready: 'ready', working: 'sound is being made', withdrawn: 'cannot be used' },
    stopNow: 'Stop', stopTitle: (title: string) => `Stop “${title}”?`, stopWhat: (n: number) => `Stops at once at the ${n} ${n === 1 ? 'station that is' : 'stations that are'} sounding.`, stopSent: 'The order to stop is on its way.', stopOver: 'No station is playing this any more.',
  },
}
