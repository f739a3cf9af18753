import { RmadaError } from '../error.ts'
import { scriptWith } from '../shell-text.ts'
import { distinctPackages, packageFinding } from './package-names.ts'
import { rstudioServer } from './rstudio.ts'

/** What one node is to have. */
export interface InstallWish {
  readonly role: 'master' | 'slave'
  readonly packages: readonly string[]
  /** Addresses of CRAN, tried in this order. */
  readonly cran?: readonly string[]
  /** Whether a missing web IDE is installed on the master. */
  readonly webIde: boolean
}

export type PackageManager = 'apt' | 'dnf'

/** The parts of resources/bootstrap/install by name, without `.sh`. */
export type InstallParts = Readonly<Record<'common' | PackageManager | 'r-packages' | 'master' | 'main', string>>

export const installParts = ['common', 'apt', 'dnf', 'r-packages', 'master', 'main'] as const

const cranMirrors = ['https://cloud.r-project.org', 'https://cran.r-project.org']

/**
 * The script that installs what a node lacks; the same every time for the same wish. Names are checked here once more,
 * whoever called: what is written into a script of root's must be a name and nothing else.
 */
export function installScript(wish: InstallWish, manager: PackageManager, parts: InstallParts): string {
  const finding = packageFinding(wish.packages)
  if (finding !== null) throw new RmadaError('PACKAGE_INVALID', finding.message, { suggestion: finding.suggestion })
  const script = [parts.common, parts[manager], parts['r-packages'], parts.master, parts.main].join('\n')
  return `#!/bin/sh\n${scriptWith({
    ROLE: wish.role,
    PACKAGES: distinctPackages(wish.packages).join(' '),
    CRAN: (wish.cran ?? cranMirrors).join(' '),
    WEB_IDE: wish.webIde ? 'yes' : 'no',
    RSTUDIO_URL: rstudioServer.url,
    RSTUDIO_SHA256: rstudioServer.sha256
  }, script)}`
}
