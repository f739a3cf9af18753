import type { Finding } from '../../../contract/index.ts'

/** Whether this can be the name of an R package, by the rule of "Writing R Extensions". */
export function isPackageName(name: string): boolean {
  return name.length <= 100 && /^[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]$/.test(name)
}

const mostPackages = 200

/** The names in order, each once. */
export function distinctPackages(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** What speaks against these packages. */
export function packageFinding(names: readonly string[]): Finding | null {
  const wrong = names.find(name => !isPackageName(name))
  if (wrong !== undefined) {
    return {
      level: 'error', code: 'PACKAGE_INVALID', field: 'packages',
      message: `This cannot be the name of an R package: ${wrong.slice(0, 60) || '(empty)'}`,
      suggestion: 'Give names as CRAN spells them: letters, digits and dots, for example data.table.'
    }
  }
  if (names.length <= mostPackages) return null
  return {
    level: 'error', code: 'PACKAGE_INVALID', field: 'packages',
    message: `${names.length} R packages are more than the ${mostPackages} that a network can be given.`,
    suggestion: 'Name the packages that you load; what they need comes with them.'
  }
}
