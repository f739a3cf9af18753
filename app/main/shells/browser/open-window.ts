import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Chromium-family browsers, best first: programs on the path, or where macOS and Windows install them. */
const programs: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'brave-browser'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser'
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((root) => [
    join(process.env[root] ?? 'C:\\', 'Google\\Chrome\\Application\\chrome.exe'),
    join(process.env[root] ?? 'C:\\', 'Microsoft\\Edge\\Application\\msedge.exe')
  ])
}

const defaultOpeners: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler']
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function findProgram(name: string, environment: NodeJS.ProcessEnv): string | null {
  const candidates =
    name.includes('/') || name.includes('\\')
      ? [name]
      : (environment['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))
  return candidates.find(isProgram) ?? null
}

/** Whether a window can be shown at all; a remote Linux workstation without X has no display. */
export function hasDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
}

/** The command that opens the address in the user's default browser. */
export function defaultBrowserCommand(
  url: string,
  platform: NodeJS.Platform = process.platform
): readonly [program: string, ...args: string[]] {
  const [program = 'xdg-open', ...args] = defaultOpeners[platform] ?? []
  return [program, ...args, url]
}

/** The command that opens the address in a window of its own, or else in the user's default browser. */
export function openCommand(
  url: string,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform
): readonly [program: string, ...args: string[]] {
  for (const name of programs[platform] ?? programs.linux ?? []) {
    const program = findProgram(name, environment)
    // Chromium refuses its sandbox to root; that window shows nothing but our own page.
    if (program)
      return [program, `--app=${url}`, ...(platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  }
  return defaultBrowserCommand(url, platform)
}

/** Opens the address for the user; resolves to false when no program could be started. */
export function openAddress(command: readonly [string, ...string[]]): Promise<boolean> {
  const [program, ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', windowsHide: true })
    child.on('error', () => {
      resolve(false)
    })
    child.on('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
