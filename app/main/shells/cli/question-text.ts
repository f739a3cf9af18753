import type { Task } from '../../../contract/index.ts'
import { sumPrices } from '../../core/prices.ts'

/** What a paused task asks, with the command that answers it. */
export function questionText({ id, title, question }: Task): string {
  if (!question) return ''
  const cost = sumPrices(question.rented.map((one) => one.pricePerHour))
  return [
    `${title} waits for a choice: ${question.trouble.message}`,
    ...question.nodes.map((node) => `  in trouble: ${node.hostName} (${node.role}, ${node.id})`),
    ...question.console.map((line) => `  | ${line}`),
    `  rented meanwhile: ${question.rented.map((one) => one.id).join(', ') || 'nothing'}${
      cost === null ? '' : `, $${cost} an hour`}`,
    ...question.choices.map(({ choice, detail, zones }) =>
      `  rmada choose ${id} ${choice}${zones && zones.length > 0 ? ` [--zone ${zones.join('|')}]` : ''}: ${detail}`)
  ].join('\n')
}
