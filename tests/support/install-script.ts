import { readFileSync } from 'node:fs'
import { installParts, installScript } from '../../app/main/core/bootstrap/install-script.ts'
import type { InstallParts, InstallWish, PackageManager } from '../../app/main/core/bootstrap/install-script.ts'

/** The installation script as the manager sends it, of the parts in resources/. */
export function scriptFor(wish: InstallWish, manager: PackageManager): string {
  const parts = Object.fromEntries(installParts.map(part => [
    part, readFileSync(new URL(`../../resources/bootstrap/install/${part}.sh`, import.meta.url), 'utf8')
  ])) as InstallParts
  return installScript(wish, manager, parts)
}
