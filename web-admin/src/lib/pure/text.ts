// Names are compared without accents: people type "dong hung" and mean "Đông Hưng".

export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase()
}

export function matches(text: string, query: string): boolean {
  const hay = plain(text)
  return plain(query).split(/\s+/).every((word) => hay.includes(word))
}

/** Pairing codes are 8 characters, shown 4-4; spaces, dashes and case do not matter. */
export function pairingCode(typed: string): string {
  return typed.replace(/[^0-9a-z]/gi, '').toUpperCase().slice(0, 8)
}

/** The code inside what a label's QR says: the code itself, or an address that carries `code=`. */
export function pairingCodeIn(scanned: string): string | null {
  const said = /[?&#]code=([^&#]+)/i.exec(scanned)?.[1] ?? scanned.trim()
  const code = pairingCode(said)
  return code.length === 8 && /^[0-9a-z][0-9a-z \-]{6,10}[0-9a-z]$/i.test(said) ? code : null
}

export function pairingGroups(code: string): string {
  return code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code
}

/** "A, B và C". */
export function joined(words: string[], and: string): string {
  return words.length < 2 ? words.join('') : words.slice(0, -1).join(', ') + and + words[words.length - 1]
}
