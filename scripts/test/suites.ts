/** One suite of `npm test`: commands run in order until one fails. `needs` are files of this machine without which it is skipped. */
export interface Suite {
  readonly name: string
  readonly about: string
  readonly commands: readonly (readonly string[])[]
  readonly needs: readonly string[]
  readonly limitMinutes: number
}

const node = process.execPath
const bin = (name: string) => `node_modules/.bin/${name}${process.platform === 'win32' ? '.cmd' : ''}`
const vitest = (project: string) => [bin('vitest'), 'run', '--project', project]
const onLinux = (file: string) => (process.platform === 'linux' ? [file] : [])

/** In the order of a hurried reader: what fails fast comes first. */
export const suites: readonly Suite[] = [
  {
    name: 'typecheck', about: 'strict TypeScript; core and contract without Node or DOM types', needs: [], limitMinutes: 5,
    commands: ['pure', 'node', 'electron', 'web'].map((part) => [bin('tsc'), '-p', `tsconfig.${part}.json`])
  },
  { name: 'lint', about: 'oxlint with type information', needs: [], limitMinutes: 5, commands: [[bin('oxlint'), '--type-aware', '--deny-warnings']] },
  { name: 'layers', about: 'dependency-cruiser: who may import what', needs: [], limitMinutes: 5, commands: [[bin('depcruise'), '--no-progress', 'app', 'scripts', 'tests']] },
  { name: 'unused', about: 'knip: no dead export, file or dependency', needs: [], limitMinutes: 5, commands: [[bin('knip')]] },
  {
    name: 'scripts', about: 'shellcheck on what runs on the instances', needs: onLinux('/usr/bin/shellcheck'), limitMinutes: 2,
    commands: process.platform === 'linux' ? [['sh', '-c', 'shellcheck resources/bootstrap/*.sh']] : []
  },
  { name: 'build', about: 'electron-vite builds main, preload and renderer', needs: [], limitMinutes: 5, commands: [[node, 'node_modules/electron-vite/bin/electron-vite.js', 'build']] },
  { name: 'unit', about: 'rules and pieces beside their sources', needs: [], limitMinutes: 10, commands: [vitest('unit')] },
  { name: 'contract', about: 'one suite per port, on every adapter', needs: [], limitMinutes: 10, commands: [vitest('contract')] },
  { name: 'leak-guard', about: 'the guard that fails tests for what they leave behind, itself put to the test', needs: [], limitMinutes: 3, commands: [vitest('leak-guard')] },
  { name: 'integration', about: 'aws cli, boto3, sshd, R, CLI and local endpoints', needs: [], limitMinutes: 15, commands: [vitest('integration')] },
  { name: 'electron', about: 'the built app on a stand-in electron module', needs: [...onLinux('/usr/bin/chromium')], limitMinutes: 10, commands: [vitest('electron')] },
  {
    name: 'electron-real', about: 'the same on the real Electron', limitMinutes: 10,
    needs: [`node_modules/electron/dist/${process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app' : 'electron'}`],
    commands: [[bin('playwright'), 'test', '--config', 'tests/e2e-electron/playwright.config.ts']]
  },
  { name: 'e2e', about: 'Chromium on the browser shell, launch to terminate by clicking', needs: [...onLinux('/usr/bin/chromium')], limitMinutes: 15, commands: [[bin('playwright'), 'test', '--config', 'tests/e2e/playwright.config.ts']] },
  { name: 'r-check', about: 'R CMD check of the R package', needs: [...onLinux('/usr/bin/R')], limitMinutes: 10, commands: [[node, 'scripts/test/r-check.ts']] },
  { name: 'demo', about: 'the main job on every backend that this machine can run', needs: [...onLinux('/usr/bin/R')], limitMinutes: 10, commands: [[node, 'scripts/test/demos.ts']] }
]
