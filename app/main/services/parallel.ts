/**
 * Runs the work for all items, at most `limit` at once. After a failure nothing new begins; what is under way is waited
 * for, and then the first failure is raised, so that nothing goes on behind the caller's back.
 */
export async function inParallel<T, R>(
  items: readonly T[], limit: number, work: (item: T) => Promise<R>
): Promise<R[]> {
  const results: R[] = []
  const failures: unknown[] = []
  const queue = items.entries()
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return
      try {
        results[index] = await work(item)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  if (failures.length > 0) throw failures[0]
  return results
}
