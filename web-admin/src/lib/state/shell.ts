// The worker (src/worker.ts) is fetched once the first screen stands. Where there can be none (a page over plain HTTP
// from another machine, a private window) the panel is as it always was.

const SETTLED_MS = 2000

/** Gives the way to call it off. */
export function keepShell(): () => void {
  if (!import.meta.env.PROD || !navigator.serviceWorker) return () => {}
  const timer = setTimeout(() => void navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {}), SETTLED_MS)
  return () => clearTimeout(timer)
}
