/** Whether an option was given: left out and null both stand for its default. */
export function given<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}
