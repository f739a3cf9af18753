import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

function findRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'rmada')
      return folder
    if (folder === dirname(folder)) throw new Error('The folder of the app is not there: no package.json named rmada.')
  }
}

/** The folder that holds package.json, resources/ and out/: of the checkout, or of the installed app. */
export const appRoot = findRoot()

/** Version of the app as package.json names it. */
export const appVersion = (JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8')) as { version: string })
  .version

/** File of a process of the app: its source where sources are there (Node runs them as they are), else the built one. */
export function entryPoint(name: 'manager' | 'cli'): string {
  const source = join(appRoot, 'app/main/shells', name, 'main.ts')
  return existsSync(source) ? source : join(appRoot, 'out/main', `${name}.js`)
}
