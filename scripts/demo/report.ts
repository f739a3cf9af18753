/** One step of the demo as the report names it. */
export interface StepReport {
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly detail: string
}

/** What `npm run demo -- --json` prints. */
export interface DemoReport {
  readonly ok: boolean
  readonly backend: string
  readonly hosts: readonly string[]
  readonly steps: readonly StepReport[]
  readonly leftovers: readonly string[]
}

/** Runs steps one after the other, tells of each as it ends, and keeps the list. */
export interface Steps {
  readonly reports: readonly StepReport[]
  /** Runs one step; what it resolves with is its detail. A step that fails ends the demo. */
  run(name: string, work: () => Promise<string>): Promise<void>
  /** Records a step that was timed elsewhere. */
  record(report: StepReport): void
}

/** The sentence of any failure. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function createSteps(print: (line: string) => void): Steps {
  const reports: StepReport[] = []
  const record = (report: StepReport): void => {
    reports.push(report)
    print(
      `${report.ok ? 'ok  ' : 'FAIL'} ${report.name.padEnd(10)} ${String(report.ms).padStart(6)} ms  ${report.detail}`
    )
  }
  return {
    reports,
    record,
    async run(name, work) {
      const start = performance.now()
      const spent = (): number => Math.round(performance.now() - start)
      try {
        const detail = await work()
        record({ name, ok: true, ms: spent(), detail })
      } catch (error) {
        record({ name, ok: false, ms: spent(), detail: reason(error) })
        throw error
      }
    }
  }
}
