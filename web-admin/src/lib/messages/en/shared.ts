// Words that several rooms of the messages share.

export const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

export const duration = (ms: number): string => {
  const s = Math.round(ms / 1000)
  return s < 60 ? `${s} s` : s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`
}
