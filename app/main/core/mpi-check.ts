/**
 * What is wrong with the answers of `mpirun … hostname`, or null: every rank has to answer, and from as many different
 * hosts as the hostfile has lines.
 */
export function mpiFault(stdout: string, ranks: number, hosts: number): string | null {
  const answers = stdout.split('\n').map(line => line.trim()).filter(line => line !== '')
  if (answers.length !== ranks) return `${answers.length} of ${ranks} ranks answered`
  const distinct = new Set(answers)
  if (distinct.size !== hosts) {
    return `the ranks ran on ${distinct.size} of ${hosts} hosts (${[...distinct].join(', ')})`
  }
  return null
}
