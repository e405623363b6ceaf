// Code that is fetched when it is first needed. Where the network is away that is not the end: it is asked for again
// when the line is back. Thrown is only what a line cannot mend (a new panel was installed, its files have other names).
import { api, asProblem } from '../api'
import { offline } from './live.svelte'

const LOOK_MS = 500

/** Also finds out: a controller that is gone does not make the browser say so. */
export async function isAway(): Promise<boolean> {
  return offline() || api.health().then(() => false, (error) => asProblem(error).status === 0)
}

export async function fetched<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load()
    } catch (error) {
      if (!(await isAway())) throw error
    }
    do await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    while (offline())
  }
}
