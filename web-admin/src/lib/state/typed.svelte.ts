// What somebody types to find something: asked of the server once the fingers rest.

const PAUSE_MS = 250

export class Typed {
  text = $state('')
  asked = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  type(text: string): void {
    this.text = text
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.asked = text.trim()), PAUSE_MS)
  }
}
