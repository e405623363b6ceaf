// The microphone. A horn needs the voice as it is: the browser's echo cancelling, noise gate and
// automatic gain are made for calls (they chop soft syllables and pump the background), so all three
// are off and the controller levels the loudness once, for everybody.

type Stage = 'idle' | 'asking' | 'recording' | 'denied' | 'missing' | 'insecure' | 'unsupported'

export interface Recording {
  audio: Blob
  name: string
  ms: number
}

const TYPES = ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/ogg;codecs=opus']
const SLICE_MS = 1000 /* what a crash of the tab can cost */
const BITS_PER_SECOND = 96_000
const FLOOR_DB = -60
const CLIP_PEAK = 0.99
const CLIP_SHOWN_MS = 3000

export const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
}

export class Recorder {
  stage = $state<Stage>('idle')
  /** 0..1 on a dB scale from -60 dBFS to 0. */
  level = $state(0)
  ms = $state(0)
  clipped = $state(false)
  #recorder: MediaRecorder | null = null
  #stream: MediaStream | null = null
  #context: AudioContext | null = null
  #frame = 0
  #chunks: Blob[] = []
  #began = 0
  #gone = false
  #onSlice: (soFar: Blob, name: string) => void
  #onDone: (recording: Recording) => void

  /** `onDone` also where the microphone ends by itself: it was pulled out, or a call took it. */
  constructor(onSlice: (soFar: Blob, name: string) => void, onDone: (recording: Recording) => void) {
    this.#onSlice = onSlice
    this.#onDone = onDone
  }

  async start(): Promise<void> {
    if (!window.isSecureContext || !navigator.mediaDevices) return void (this.stage = 'insecure')
    if (typeof MediaRecorder === 'undefined') return void (this.stage = 'unsupported')
    this.stage = 'asking'
    let stream: MediaStream
    try {
      stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS)
    } catch (error) {
      this.stage = (error as DOMException).name === 'NotFoundError' ? 'missing' : 'denied'
      return
    }
    if (this.#gone) return stream.getTracks().forEach((track) => track.stop()) /* allowed after the screen was left */
    this.#stream = stream
    this.#record(stream)
    this.#meter(stream)
  }

  #record(stream: MediaStream): void {
    const mimeType = TYPES.find((t) => MediaRecorder.isTypeSupported(t))
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND })
    this.#chunks = []
    recorder.ondataavailable = (event) => {
      if (event.data.size === 0) return
      this.#chunks.push(event.data)
      this.#onSlice(this.#blob(), this.#name())
    }
    recorder.onstop = () => {
      const recording = { audio: this.#blob(), name: this.#name(), ms: performance.now() - this.#began }
      this.#end()
      this.#onDone(recording)
    }
    recorder.start(SLICE_MS)
    this.#recorder = recorder
    this.#began = performance.now()
    this.ms = 0
    this.clipped = false
    this.stage = 'recording'
  }

  #blob(): Blob {
    const type = (this.#recorder?.mimeType ?? 'audio/webm').split(';')[0]
    return new Blob(this.#chunks, { type })
  }

  #name(): string {
    const type = this.#recorder?.mimeType ?? ''
    return `recording.${type.includes('mp4') ? 'm4a' : type.includes('ogg') ? 'ogg' : 'webm'}`
  }

  #meter(stream: MediaStream): void {
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = 2048
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let loudest = -Infinity
    const look = () => {
      analyser.getFloatTimeDomainData(samples)
      const peak = samples.reduce((most, s) => Math.max(most, Math.abs(s)), 0)
      const db = 20 * Math.log10(Math.max(peak, 1e-6))
      this.level = Math.min(1, Math.max(0, 1 - db / FLOOR_DB))
      if (peak > CLIP_PEAK) loudest = performance.now()
      this.clipped = performance.now() - loudest < CLIP_SHOWN_MS
      this.ms = performance.now() - this.#began
      this.#frame = requestAnimationFrame(look)
    }
    this.#context = context
    look()
  }

  stop(): void {
    if (this.#recorder?.state === 'recording') this.#recorder.stop()
  }

  /** The screen is left. */
  release(): void {
    this.#gone = true
    if (this.#recorder) this.#recorder.onstop = this.#recorder.ondataavailable = null
    this.#end()
  }

  #end(): void {
    cancelAnimationFrame(this.#frame)
    this.#stream?.getTracks().forEach((t) => t.stop())
    void this.#context?.close().catch(() => {})
    this.#recorder = this.#stream = this.#context = null
    this.level = 0
    if (this.stage === 'recording') this.stage = 'idle'
  }
}
