// Reads a QR code from the camera: the browser's own detector where there is one (Android), else jsQR, fetched only then.

interface Detector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type DetectorMaker = new (options: { formats: string[] }) => Detector

const PAUSE_MS = 150
const WIDTH = 640

export type ScanFault = 'denied' | 'missing' | 'insecure'

/** What the camera's refusal means to a person. */
export function faultOf(error: unknown): ScanFault {
  const name = error instanceof DOMException ? error.name : ''
  return name === 'NotAllowedError' ? 'denied' : navigator.mediaDevices ? 'missing' : 'insecure'
}

async function reader(): Promise<(video: HTMLVideoElement) => Promise<string | null>> {
  const Own = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector
  if (Own) {
    const detector = new Own({ formats: ['qr_code'] })
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null
  }
  const { default: jsQR } = await import('jsqr')
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  return async (video) => {
    if (!pen || !video.videoWidth) return null
    canvas.width = WIDTH
    canvas.height = Math.round((WIDTH * video.videoHeight) / video.videoWidth)
    pen.drawImage(video, 0, 0, canvas.width, canvas.height)
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height)
    return jsQR(data, canvas.width, canvas.height, { inversionAttempts: 'dontInvert' })?.data ?? null
  }
}

/** Shows the camera in `video` until `found` says true or stop() is called. Throws what faultOf() explains. */
export async function scan(video: HTMLVideoElement, found: (text: string) => boolean): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  let going = true
  const stop = () => {
    going = false
    stream.getTracks().forEach((track) => track.stop())
  }
  video.srcObject = stream
  const read = await video.play().then(reader).catch((error) => {
    stop() /* left while it began: the camera does not stay on */
    throw error
  })
  const look = async () => {
    while (going) {
      const text = await read(video).catch(() => null)
      if (text && found(text)) return stop()
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  void look()
  return stop
}
