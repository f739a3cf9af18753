import { killAt } from './kill/one-point.ts'
import type { Point } from './kill/one-point.ts'
import { scenarios } from './kill/scenarios.ts'
import type { Scenario } from './kill/scenarios.ts'

const lanes = 3

/**
 * Kills the manager by SIGKILL before every step (each `every`-th one) of a launch with Spot and a volume, a removal, an
 * added node and a stop and start. Each time the next start has to end it all: nothing left, nothing rented twice.
 */
export async function benchKill(note: (line: string) => void, every = 1, only: readonly Scenario[] = scenarios): Promise<{
  report: object; good: boolean
}> {
  const began = performance.now()
  const points: Point[] = []
  const steps: Record<string, number> = {}
  for (const scenario of only) {
    let next = 1
    let over = false
    const lane = async (): Promise<void> => {
      while (!over) {
        const step = next
        next += every
        const point = await killAt(scenario, step)
        // The scenario ended before that step: no later one is to be tried.
        if (point.step === null) over = true
        else {
          points.push(point)
          steps[scenario] = Math.max(steps[scenario] ?? 0, step)
        }
        if (isBad(point)) note(`${scenario}, step ${step}: ${JSON.stringify(point)}`)
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    note(`${scenario}: ${points.filter(one => one.scenario === scenario).length} points`)
  }
  const count = (of: (point: Point) => boolean): number => points.filter(of).length
  const report = {
    points: points.length,
    leaked: count(one => one.leaked.length > 0),
    doubled: count(one => one.doubled > 0),
    unrecovered: count(one => one.unrecovered !== null),
    steps, every, seconds: Math.round((performance.now() - began) / 100) / 10
  }
  return { report, good: points.length > 0 && report.leaked + report.doubled + report.unrecovered === 0 }
}

const isBad = (point: Point): boolean => point.leaked.length > 0 || point.doubled > 0 || point.unrecovered !== null
