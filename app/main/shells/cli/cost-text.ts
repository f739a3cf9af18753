import type { Plan } from '../../../contract/index.ts'
import { table } from './table.ts'

const usd = (value: number | null, digits: number): string => (value === null ? 'unknown' : value.toFixed(digits))

/** The cost estimate of a plan, line by line with sources, and its total; nothing where nothing would be rented. */
export function costText({ estimate, total }: Pick<Plan, 'estimate' | 'total'>): string[] {
  if (estimate.length === 0) return []
  const lines = table(
    ['COST', 'QUANTITY', 'UNIT PRICE', 'USD AN HOUR'],
    estimate.map((line) => [
      line.item,
      line.quantity,
      line.unitPrice === null ? 'unknown' : `${line.unitPrice} per ${line.unit}`,
      usd(line.perHour, 4)
    ])
  )
  const sources = estimate.map(
    (line) => `  ${line.item}: ${line.source}${line.date === null ? '' : ` (${line.date})`}`
  )
  return [lines, totalText(total), 'Price sources:', ...sources]
}

function totalText({ perHour, perDay, complete }: Plan['total']): string {
  if (perHour === null) return 'Total: not known'
  return `Total: ${complete ? '' : 'at least '}$${usd(perHour, 4)} an hour, $${usd(perDay, 2)} a day`
}
