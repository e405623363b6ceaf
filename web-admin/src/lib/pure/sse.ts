// Server-sent events out of a byte stream. EventSource hides the heartbeat comments, and without them
// a dead connection looks like a quiet one; so the stream is read by fetch and parsed here.

export interface ServerEvent {
  event: string
  data: string
}

export class EventParser {
  #rest = ''
  #event = ''
  #data: string[] = []

  /** Feeds text; answers the events that it completed. Comments only count as a sign of life. */
  push(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split(/\r?\n/)
    this.#rest = lines.pop() ?? ''
    const events: ServerEvent[] = []
    for (const line of lines) this.#line(line, events)
    return events
  }

  #line(line: string, events: ServerEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push({ event: this.#event || 'message', data: this.#data.join('\n') })
      this.#event = ''
      this.#data = []
      return
    }
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
    if (name === 'event') this.#event = value
    if (name === 'data') this.#data.push(value)
  }
}
