// Resumable upload (tus 1.0): a phone that loses the network for a minute goes on where it stopped.
import * as tus from 'tus-js-client'
import { languageTag, m } from '../messages/index.svelte'
import { ApiError, newKey } from './client'
import type { Problem } from './types'

export interface Upload {
  /** The id to name in POST /api/bulletins. */
  done: Promise<string>
  abort(): void
}

const RETRY_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000]

function toProblem(error: Error | tus.DetailedError): Problem {
  const response = 'originalResponse' in error ? error.originalResponse : null
  try {
    const body = JSON.parse(response?.getBody() ?? '')
    if (typeof body.title === 'string') return { detail: '', type: 'about:blank', ...body }
  } catch {
    /* no problem document */
  }
  const status = response?.getStatus() ?? 0
  if (!('originalRequest' in error)) return { type: 'about:blank', title: m().compose.audioFailed, status: 400, detail: '' } /* nothing was asked: the file itself cannot be read */
  if (status === 0)
    return { type: 'offline', title: m().error.offline, status, detail: m().compose.uploadStopped }
  return { type: 'about:blank', title: m().error.server(status), status, detail: m().error.serverWhat }
}

export function upload(file: Blob, name: string, progress: (share: number) => void): Upload {
  let abort = () => {}
  const done = new Promise<string>((resolve, reject) => {
    const job = new tus.Upload(file, {
      endpoint: '/api/uploads',
      headers: { 'X-Loa': '1', 'Accept-Language': languageTag() },
      metadata: { filename: name, filetype: file.type || 'application/octet-stream' },
      retryDelays: RETRY_MS,
      fingerprint: () => fingerprint(file, name),
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => progress(total > 0 ? sent / total : 0),
      onError: (error) => reject(new ApiError(toProblem(error))),
      onSuccess: () => resolve(decodeURIComponent((job.url ?? '').replace(/\/+$/, '').split('/').pop() ?? '')),
    })
    abort = () => void job.abort()
    void start(job)
  })
  return { done, abort: () => abort() }
}

const HASH_MOST = 64 * 1024 * 1024

/* Resuming joins bytes of two attempts, so only the very same sound may match: a recording has no name and
 * no date, and two of one length are not rare. */
async function fingerprint(file: Blob, name: string): Promise<string> {
  if (crypto.subtle && file.size <= HASH_MOST) {
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    return `loa-${[...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, '0')).join('')}`
  }
  return file instanceof File ? `loa-${name}-${file.size}-${file.lastModified}` : `loa-${newKey()}`
}

async function start(job: tus.Upload): Promise<void> {
  const earlier = await job.findPreviousUploads().catch(() => [])
  if (earlier.length > 0) job.resumeFromPreviousUpload(earlier[0])
  job.start()
}
