import { mount } from 'svelte'
import './app.css'
import App from './App.svelte'
import { useRememberedLanguage } from './lib/messages/index.svelte'
import { session } from './lib/state/session.svelte'

void start()

async function start(): Promise<void> {
  await useRememberedLanguage().catch(() => {})
  mount(App, { target: document.getElementById('app')! })
  await session.start()
}
