const inDollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 4
})
const wholeCents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** What stands where a price is not known: never a guess. */
const unknownPrice = '–'

/** An amount with up to four decimals. */
export function dollars(usd: number): string {
  return inDollars.format(usd)
}

/** A price an hour. Instance prices have up to four decimals, which matter when they are multiplied. */
export function hourly(usd: number | null): string {
  return usd === null ? unknownPrice : `${inDollars.format(usd)}/h`
}

/** The same rent for a whole day, to the cent. */
export function daily(usdPerHour: number | null): string {
  return usdPerHour === null ? unknownPrice : `${wholeCents.format(usdPerHour * 24)}/day`
}

/** The sum, or null as soon as one part is not known: half a sum would look like the whole. */
export function sumPrices(prices: readonly (number | null)[]): number | null {
  let sum = 0
  for (const price of prices) {
    if (price === null) return null
    sum += price
  }
  return sum
}

/** The sum of the prices that are known, and whether that is all of them. */
export function knownSum(prices: readonly (number | null)[]): { readonly sum: number; readonly complete: boolean } {
  const known = prices.filter((price) => price !== null)
  return { sum: sumPrices(known) ?? 0, complete: known.length === prices.length }
}
