import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Recorder, type Recording } from '../src/lib/state/recorder.svelte'
import { scan } from '../src/lib/qr/scan'

const track = { stop: vi.fn() }
const stream = { getTracks: () => [track] }
let allow: () => void
let asked: { ended(): void; ondataavailable: ((event: { data: Blob }) => void) | null } | null

class FakeRecorder {
  static isTypeSupported = () => true
  state = 'inactive'
  mimeType = 'audio/webm;codecs=opus'
  onstop: (() => void) | null = null
  ondataavailable: ((event: { data: Blob }) => void) | null = null
  start(): void {
    this.state = 'recording'
    asked = this
  }
  stop(): void {
    if (this.state === 'inactive') throw new DOMException('inactive', 'InvalidStateError')
    this.ended()
  }
  ended(): void {
    this.state = 'inactive'
    this.ondataavailable?.({ data: new Blob(['voice']) })
    this.onstop?.()
  }
}

beforeEach(() => {
  track.stop.mockClear()
  asked = null
  const media = new Promise((resolve) => (allow = () => resolve(stream)))
  vi.stubGlobal('window', { isSecureContext: true })
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => media } })
  vi.stubGlobal('MediaRecorder', FakeRecorder)
  vi.stubGlobal('requestAnimationFrame', () => 1)
  vi.stubGlobal('cancelAnimationFrame', () => {})
  vi.stubGlobal('AudioContext', class {
    createAnalyser = () => ({ fftSize: 0, getFloatTimeDomainData: () => {} })
    createMediaStreamSource = () => ({ connect: () => {} })
    close = async () => {}
  })
})

async function recording() {
  const done: Recording[] = []
  const recorder = new Recorder(() => {}, (one) => done.push(one))
  const started = recorder.start()
  allow()
  await started
  return { recorder, done }
}

describe('the microphone', () => {
  it('gives what was said when it is stopped', async () => {
    const { recorder, done } = await recording()
    expect(recorder.stage).toBe('recording')
    recorder.stop()
    expect([done.length, done[0]?.audio.size, recorder.stage, track.stop.mock.calls.length]).toEqual([1, 5, 'idle', 1])
  })
  it('gives what was said when it ends by itself: a call came in', async () => {
    const { recorder, done } = await recording()
    asked!.ended()
    expect([done.length, recorder.stage]).toEqual([1, 'idle'])
    recorder.stop()
    expect(done.length).toBe(1)
  })
  it('is off when it is allowed only after the screen was left', async () => {
    const recorder = new Recorder(() => {}, () => {})
    const started = recorder.start()
    recorder.release()
    allow()
    await started
    expect([asked, track.stop.mock.calls.length]).toEqual([null, 1])
  })
  it('gives nothing more once the screen was left', async () => {
    const { recorder, done } = await recording()
    recorder.release()
    asked!.ended()
    expect([done.length, track.stop.mock.calls.length]).toEqual([0, 1])
  })
})

describe('the camera', () => {
  it('is off when its screen was left while it began', async () => {
    const video = { play: async () => Promise.reject(new DOMException('removed', 'AbortError')) } as unknown as HTMLVideoElement
    const scanning = scan(video, () => true)
    allow()
    await expect(scanning).rejects.toThrow('removed')
    expect(track.stop.mock.calls.length).toBe(1)
  })
})
