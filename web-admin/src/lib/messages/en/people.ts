// People: sign-in, accounts, users, roles, areas.
import type { people as source } from '../vi/people'

export const people: typeof source = {
  login: {
    title: 'Log in to Loa', name: 'User name', password: 'Password', show: 'Show password', go: 'Log in',
    expired: 'Your session has ended. Log in again; your draft is kept.',
  },
  setup: {
    title: 'Start using Loa', what: 'Create the first organisation and the first administrator.', go: 'Create and log in',
    token: 'Set-up token', organisation: 'Organisation', name: 'Your name', login: 'User name', password: 'Password',
    hint: {
      token: 'Printed once on the server’s console when it starts.', organisation: 'For example: Hưng Yên Province', name: '', login: 'Lower case, no accents.',
      password: 'Best: a long sentence that is easy for you alone to remember.',
    },
  },
  account: {
    language: 'Language', logOut: 'Log out', draft: 'This device holds a bulletin that was not sent. Logging out deletes the draft.',
    openDraft: 'Open the draft', dropDraft: 'Delete the draft and log out',
  },
  password: {
    title: 'Change password', old: 'Current password', new: 'New password', go: 'Change password', done: 'The password is changed. Other devices are logged out.',
    first: 'Set a password of your own', firstWhat: 'The password you used is a temporary one. Change it to go on.',
  },
  totp: {
    title: 'Two-step log-in', what: 'After the password you type a code that your phone shows. Somebody who knows your password still cannot get in.',
    begin: 'Turn on two-step log-in', scan: 'Open an authenticator app on your phone (such as Google Authenticator) and scan this QR code.', qr: 'QR code for your phone to scan',
    byHand: 'If it cannot be scanned, type this key into the app', code: 'Code', codeHint: 'The 6 digits on your phone.', orRecovery: 'The 6 digits on your phone, or a recovery code.',
    confirm: 'Confirm and turn on', codesWhat: 'It is on. Print or copy these 10 recovery codes for the day when the phone is lost: each works once, and they are shown only now.',
    kept: 'I have kept them', on: (left) => `It is on. Recovery codes left: ${left}.`, renew: 'Make new recovery codes', off: 'Turn off',
    needed: 'Administrators here must use two-step log-in. Turn it on once to go on.', back: 'Back',
    policy: 'Administrators must use two-step log-in', policyAlerts: 'Only people with two-step log-in may issue emergency alerts',
  },
  sessions: {
    title: 'Where you are logged in', here: '(this device)', unknown: 'Unknown device', seen: (time) => `Last used ${time}`,
    end: 'Log it out', endOthers: 'Log out all other devices',
  },
  barred: {
    what: 'Your role does not open this page.', needs: (what, roles) => `It needs the right “${what}”. Roles that have it: ${roles}. If you need it, ask an administrator to give you such a role.`,
  },
  roles: {
    intro: 'A role held in an area counts there and in every area below, never above and never beside.',
    what: 'What', may: 'may', mayNot: 'may not', yours: 'your role',
  },
  areas: {
    search: 'Find an area, no accents needed', add: 'Add an area', name: 'Name', parent: 'Part of', kind: 'Kind', alone: 'The author may approve alone', aloneShort: 'one person approves',
    edit: (name) => `Edit ${name}`,
    kinds: { province: 'Province, city', commune: 'Commune, special zone', ward: 'Ward', village: 'Village, neighbourhood', group: 'Cluster' },
  },
  token: {
    title: 'Tokens for programs', what: 'Lets another program read figures for you. Each token has one purpose and never more rights than you.',
    name: 'What it is for', nameHint: 'For example: the commune notice board', lasts: 'Lasts', days: (n) => (n === 1 ? '1 day' : `${n} days`), endless: 'no end',
    all: 'May do everything you may, not only look', add: 'Make a token', none: 'No tokens yet.', secret: 'Token',
    made: (name) => `The token for “${name}” is made. Copy it now: it is shown this once.`,
    reads: 'reads only', acts: 'may change things', unused: 'Never used', used: (time, date) => `Last used ${date} at ${time}`,
    until: (date) => `until ${date}`, over: 'has ended', end: 'Delete', endThis: (name) => `Delete the token “${name}”`,
    endWhat: 'The program that uses it can no longer get in.',
  },
  users: {
    holders: (n) => (n === 0 ? 'nobody yet' : n === 1 ? '1 person' : `${n} people`),
    add: 'Add a user', name: 'Name', login: 'User name', password: 'First password', phone: 'Phone (optional)',
    role: 'Role', area: 'In area', added: (name) => `${name} was added.`,
    edit: 'Edit', disabled: 'locked', addRole: 'Add a role', removeRole: 'Remove this role', reset: 'Reset password', disable: 'Lock the account', enable: 'Unlock',
    resetTitle: (name) => `Reset the password of ${name}?`, resetWhat: 'This person is logged out everywhere and their tokens end. You will see a temporary password to hand over.',
    disableTitle: (name) => `Lock the account of ${name}?`, disableWhat: 'This person is logged out at once and cannot come back. What they did stays in the log.',
    dropTotp: 'Remove the second step', dropTotpTitle: (name) => `Remove two-step log-in of ${name}?`, dropTotpWhat: 'For somebody who lost the phone and the recovery codes. Make sure that it is really this person who asks.',
    temporary: 'Temporary password', temporaryWhat: (name) => `Give this password to ${name}. It is shown this once and must be changed at log-in.`,
  },
}
