// Every screen once: its address, its place in the frame, the right it needs and where its code is. The tabs, the
// rail, the "more" page, the router and their tests read this table and nothing else. The titles are m().nav.title(name).
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import CircleUser from '@lucide/svelte/icons/circle-user-round'
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check'
import ChartColumn from '@lucide/svelte/icons/chart-column'
import Combine from '@lucide/svelte/icons/combine'
import FileClock from '@lucide/svelte/icons/file-clock'
import Gavel from '@lucide/svelte/icons/gavel'
import House from '@lucide/svelte/icons/house'
import KeyRound from '@lucide/svelte/icons/key-round'
import Library from '@lucide/svelte/icons/library'
import InboxIcon from '@lucide/svelte/icons/inbox'
import LifeBuoy from '@lucide/svelte/icons/life-buoy'
import ListMusic from '@lucide/svelte/icons/list-music'
import MapPinned from '@lucide/svelte/icons/map-pinned'
import Mic from '@lucide/svelte/icons/mic'
import Network from '@lucide/svelte/icons/network'
import PartyPopper from '@lucide/svelte/icons/party-popper'
import QrCode from '@lucide/svelte/icons/qr-code'
import Radio from '@lucide/svelte/icons/radio'
import RadioTower from '@lucide/svelte/icons/radio-tower'
import SettingsIcon from '@lucide/svelte/icons/settings'
import Siren from '@lucide/svelte/icons/siren'
import Scroll from '@lucide/svelte/icons/scroll-text'
import Users from '@lucide/svelte/icons/users-round'
import type { Component } from 'svelte'
import type { Verb } from './lib/api/types'

export type Place =
  | 'tab' /* the five at a thumb's reach, first in the rail */
  | 'work' /* daily, but not every hour: rail, and "more" on a phone */
  | 'admin' /* rail below a heading */
  | 'self' /* everybody's own, last */
  | 'alert' /* a button in the header of every screen */

export interface Entry {
  name: string /* the first part of the hash; '' is home */
  place: Place
  may?: Verb /* who is led here; absent: everybody who is logged in */
  reads?: true /* without the right it only shows what everybody may see, so an address opens it */
  below?: Record<string, Verb> /* pages below it that need a right of their own: "stations/add" */
  icon: Component
  load?: () => Promise<{ default: Component }> /* absent only for home, which is in the core */
  alone?: true /* opens where the controller never answered; its code is kept by the worker (tools/worker.ts) */
}

export const ENTRIES: Entry[] = [
  { name: '', place: 'tab', icon: House },
  { name: 'schedule', place: 'tab', icon: CalendarDays, load: () => import('./screens/Schedule.svelte') },
  { name: 'compose', place: 'tab', may: 'create_content', alone: true, icon: Mic, load: () => import('./screens/Compose.svelte') },
  { name: 'stations', place: 'tab', below: { add: 'manage_stations', import: 'manage_stations' }, icon: RadioTower, load: () => import('./screens/Stations.svelte') },
  { name: 'log', place: 'tab', icon: Scroll, load: () => import('./screens/Log.svelte') },
  { name: 'inbox', place: 'work', may: 'create_content', icon: InboxIcon, load: () => import('./screens/Inbox.svelte') },
  { name: 'approvals', place: 'work', may: 'approve_content', icon: ClipboardCheck, load: () => import('./screens/Approvals.svelte') },
  { name: 'sounds', place: 'work', may: 'create_content', reads: true, icon: Library, load: () => import('./screens/Sounds.svelte') },
  { name: 'programmes', place: 'work', may: 'create_content', icon: ListMusic, load: () => import('./screens/Programmes.svelte') },
  { name: 'sources', place: 'work', may: 'create_content', reads: true, icon: Radio, load: () => import('./screens/Sources.svelte') },
  { name: 'reports', place: 'work', icon: ChartColumn, load: () => import('./screens/Reports.svelte') },
  { name: 'coverage', place: 'work', icon: MapPinned, load: () => import('./screens/Coverage.svelte') },
  { name: 'groups', place: 'work', may: 'approve_content', reads: true, icon: Combine, load: () => import('./screens/Groups.svelte') },
  { name: 'alerts', place: 'alert', may: 'alert', icon: Siren, load: () => import('./screens/Alerts.svelte') },
  { name: 'alert-log', place: 'work', icon: Siren, load: () => import('./screens/Alerts.svelte') },
  { name: 'areas', place: 'admin', may: 'manage_areas', icon: Network, load: () => import('./screens/Areas.svelte') },
  { name: 'users', place: 'admin', may: 'manage_users', icon: Users, load: () => import('./screens/Users.svelte') },
  { name: 'pairing', place: 'admin', may: 'manage_stations', icon: QrCode, load: () => import('./screens/StationAdd.svelte') },
  { name: 'policies', place: 'admin', may: 'manage_areas', reads: true, icon: Gavel, load: () => import('./screens/Policies.svelte') },
  { name: 'holidays', place: 'admin', may: 'manage_areas', reads: true, icon: PartyPopper, load: () => import('./screens/Holidays.svelte') },
  { name: 'settings', place: 'admin', may: 'manage_users', icon: SettingsIcon, load: () => import('./screens/Settings.svelte') },
  { name: 'audit', place: 'admin', may: 'audit', icon: FileClock, load: () => import('./screens/Audit.svelte') },
  { name: 'help', place: 'self', alone: true, icon: LifeBuoy, load: () => import('./screens/Help.svelte') },
  { name: 'roles', place: 'self', icon: KeyRound, load: () => import('./screens/Roles.svelte') },
  { name: 'account', place: 'self', icon: CircleUser, load: () => import('./screens/Account.svelte') },
]

/** The page behind "more" on a phone; not an entry itself. */
export const MORE = 'more'

export const entryOf = (name: string): Entry | undefined => ENTRIES.find((e) => e.name === name)

/** The right without which an address leads nowhere. */
export function needsOf([name = '', page = '']: string[]): Verb | undefined {
  const entry = entryOf(name)
  return entry?.below?.[page] ?? (entry?.reads ? undefined : entry?.may)
}

/** What the frame shows to somebody with these rights, in the order of the table. */
export function entriesFor(may: (verb: Verb) => boolean, ...places: Place[]): Entry[] {
  return ENTRIES.filter((e) => places.includes(e.place) && (!e.may || may(e.may)))
}
