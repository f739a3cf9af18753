import type { ErrorShape } from '../../contract/index.ts'

/** An error as text that a user can send to someone: all that helps, and no secret, because errors never carry one. */
export function errorReport(error: ErrorShape, place: string, now: Date): string {
  const lines = [
    `Rmada ${__RMADA_VERSION__}, ${now.toISOString()}`,
    `Where: ${place}`,
    `Code: ${error.code}`,
    `Message: ${error.message}`,
    `Suggestion: ${error.suggestion}`,
    ...Object.entries(error.details ?? {}).map(([key, value]) => `${key}: ${value}`),
    ...(error.stillRented ?? []).map(
      (thing) =>
        `Still rented: ${thing.kind} ${thing.id}${thing.pricePerHour === null ? '' : ` (${thing.pricePerHour} USD/h)`}`
    )
  ]
  return lines.join('\n')
}
