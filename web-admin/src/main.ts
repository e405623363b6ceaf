import './early'
import { mount } from 'svelte'
import './app.css'
import App from './App.svelte'
import { useRememberedLanguage } from './lib/messages/index.svelte'
import { wallOf } from './lib/pure/time'
import { keepFocus } from './lib/state/focus'
import { session } from './lib/state/session.svelte'

void start()

async function start(): Promise<void> {
  await useRememberedLanguage().catch(() => {})
  mount(App, { target: document.getElementById('app')! })
  const asked = session.start()
  keepFocus()
  wallOf(Date.now(), session.zone) /* a phone makes a zone's calendar for 50 ms: while it waits for the answer */
  await asked
}
