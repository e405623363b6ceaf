import type { Topic } from './vi'

export const en: Topic[] = [
  { id: 'record', question: 'How do I record a bulletin and schedule it?', words: 'microphone file text speech plan', go: 'compose', steps: [
    'Open Compose. Record with the round button, choose a sound file, or type text to be read aloud.',
    'Give the bulletin a title and listen to what will be played.',
    'Choose where (all your stations unless you say otherwise) and when.',
    'Read the sentence that sums it up and send it. The draft is kept when the network or the battery fails.'] },
  { id: 'now', question: 'How do I play something now?', words: 'immediately urgent at once', go: 'compose', steps: [
    'What aired today or yesterday: press Play again beside its name on Home. Any other: Play again in the sound library.',
    'A new one: compose as usual and choose Now as the time.',
    'Pressed by mistake: Undo within 10 seconds. All stations start together after about 15 seconds, once it is approved.',
    'The result of each station is on Home and in the log.'] },
  { id: 'stop', question: 'How do I stop what is playing?', words: 'silence off end', go: '', steps: [
    'Open Home. In On air press Stop and confirm: two taps.',
    'Stations that are connected stop at once. One without a connection plays what it has to its end.',
    'The stop button at the pole always works.'] },
  { id: 'missed', question: 'Why did it not play?', words: 'silent failed power signal broken missed', go: 'log', steps: [
    'Home says at once what failed since you last looked: press a line. Or open the log and choose the day.',
    'Press the station that says Missed: the reason and the course of events are there.',
    'No power, no file and a broken sound device are work at the pole: the page of the station says what to do.',
    'Pre-empted and outside the permitted hours are work on the schedule: choose another time, or look at the policies.',
    'No word yet means that the station has not answered. Nobody knows yet whether it played.'] },
  { id: 'repeat', question: 'How do I schedule lunar days, skip holidays or play several times?', words: 'repeat monthly holiday lunar rule times', go: 'compose', steps: [
    'In the time section of Compose choose “Every month, lunar days” and press the days. The next days are shown at once.',
    'More options: skip holidays, a last day, several plays in a row, and what happens when it is pre-empted.',
    'A time against a policy is named beside its field; one press takes the nearest time that fits.'] },
  { id: 'change', question: 'How do I change the time or the days of a broadcast?', words: 'edit move skip once following series', go: 'schedule', steps: [
    'Open the schedule, press the airing, then the button to change it. Several airings close together are one box: press it to choose among them.',
    'On a computer an airing can be dragged with the mouse to another time, or chosen with Tab and Enter and given a new time by typing. Nothing changes before it is saved.',
    'Choose what to change (time, days, how it plays, leave out) and for this one, all following or all.',
    'Press “Check for clashes” before you save. A moved time can be undone; before days change or something is left out, the page asks.',
    'One that was left out alone still stands in the week, struck through. Press it, then “Play it after all”.',
    'If somebody’s airing would not play, the page says which, where and when. Take a free time, change it, or press “Save anyway”; whoever scheduled it is told under “To look at”.',
    'Press the airing and open the coming dates to see the days off as well, with the reason.'] },
  { id: 'validity', question: 'How do I keep an old bulletin from being heard by mistake?', words: 'validity valid until end old epidemic last day shorten longer stand-in', go: 'sounds', steps: [
    'While composing: open “Validity” and write the first day, the last day or only one of them. Outside those days the bulletin does not air, whatever is scheduled.',
    'An approved bulletin: open the sound library and press “Change the validity”. To end sooner takes effect at once; to last longer has to be approved again.',
    'A change that waits for approval and is not wanted any more: press “Drop this change”. The approved version airs on as before.',
    'An airing outside the validity still stands in the schedule, with the reason.'] },
  { id: 'returned', question: 'A bulletin was returned: what now?', words: 'returned rejected reason correct send again', go: 'inbox', steps: [
    'The home page and To look at say who returned it and why.',
    'Press “Correct and send again”: change the title, the text or the sound, then send it for approval again. What was scheduled stays.'] },
  { id: 'holidays', question: 'How do I change or delete a calendar of holidays?', words: 'days off festival year', go: 'holidays', steps: [
    'Under Holidays, press Edit the holidays. Open the fold of one year to write down exactly the days off of that year.',
    'Deleting: while broadcasts use it, the page lists them to change first. Right after deleting you can still undo.'] },
  { id: 'first', question: 'Two bulletins clash: which one goes first?', words: 'clash order province commune priority', go: 'schedule', steps: [
    'Emergency alerts go first, then priority, then normal. Within one class, one plays on time and the other directly afterwards.',
    'The commune decides: press Who goes first in the schedule or in the airing that clashes, order them, and save it for that day or every day.'] },
  { id: 'programme', question: 'How do I put a signature tune, a relay and bulletins together?', words: 'programme session morning tune language template', go: 'programmes', steps: [
    'Open Programmes, press New programme, add the items and order them by buttons or by dragging. The total length is below.',
    'Press “Schedule” to choose where and when, or “Save as a template” so that next time only the bulletin changes.'] },
  { id: 'calendar', question: 'How do I import a calendar file, or take the schedule elsewhere?', words: 'ics calendar google outlook import export', go: 'schedule/calendar', steps: [
    'In the schedule press Import, export. Download the file for another calendar program.',
    'For the notice board: press the printer in the schedule. The whole week is on one A4 sheet, landscape.',
    'To import choose an .ics file, see what was understood, choose a bulletin for each event, and schedule. What is refused says why.'] },
  { id: 'approve', question: 'How do I approve a bulletin?', words: 'leader return listen first', go: 'approvals', steps: [
    'Open Approvals and listen in the list.',
    'Press Approve, or Return with a reason for the author.',
    'The approver’s name stays with every airing.'] },
  { id: 'station', question: 'How do I add a station?', words: 'pair code qr install list spreadsheet', go: 'pairing', steps: [
    'At the pole, open Pair a station. Scan the QR code on the label with the camera, or type the code of 8 characters.',
    'Give it a name, choose its area and press Pair. Wait until it says Online.',
    'Many stations: import the list from a spreadsheet first. Then the code alone is enough.'] },
  { id: 'volume', question: 'How do I change the volume?', words: 'loud quiet night noise', go: 'stations', steps: [
    'On the page of the station, under “Volume and muting”, move the slider and press “Set the volume”: 0 is full, negative is quieter. 10 dB less sounds about half as loud.',
    'Quieter at certain hours, such as at night: set a ceiling under Policies. It applies to all stations of the area.'] },
  { id: 'emergency', question: 'What do I do in an emergency?', words: 'storm flood fire alert', go: 'alerts', steps: [
    'Press the red Emergency button at the top of any page.',
    'Press a prepared message, then hold the red button for 1.5 seconds (or press it twice). The horns play at once, over every programme.',
    'Watch how many stations have played it. Stop the alert when the danger is over; correct it when it was wrong.',
    'Hold a drill every quarter: tick Drill, the screen changes its look and the horns say that it is one.'] },
  { id: 'report', question: 'How do I make the monthly report?', words: 'figures statistics print excel month', go: 'reports', steps: [
    'Open Reports and choose the month; the area is chosen at the top of the page.',
    'Press “Print” for A4 with the national heading, office, number, date and room to sign; or download the spreadsheet.',
    'A commune’s print names its People’s Committee; the province sets its own name and place once under Settings.'] },
  { id: 'colleague', question: 'How do I add a colleague, or hand over to one?', words: 'account user password leaving rights role', go: 'users', steps: [
    'An administrator opens Users and roles, adds the user and chooses role and area.',
    'Not sure about the role: Who may do what is linked at the top of that page.',
    'Somebody leaves: open the name and press “Lock the account”. What was done stays in the log.',
    'One account for each person: never share a password.'] },
  { id: 'offline', question: 'Do the horns play without a network?', words: 'no connection internet 4g weak signal', go: 'stations', steps: [
    'Yes. A station keeps its plan and its files and plays on time without a network.',
    'A new bulletin or a change reaches it only when the network is back.',
    'Results are sent later and are not lost.'] },
]
