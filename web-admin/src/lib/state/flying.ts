// The same question asked by several parts of a screen at once is one request.

const flying = new Map<string, Promise<unknown>>()

export function flyTogether<T>(question: string, ask: () => Promise<T>): Promise<T> {
  const there = flying.get(question)
  if (there) return there as Promise<T>
  const asked = ask().finally(() => flying.delete(question))
  flying.set(question, asked)
  return asked
}
