import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

function defaultData(env: Environment, platform: NodeJS.Platform): string {
  const home = homedir()
  switch (platform) {
    case 'win32':
      return win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), 'Rmada')
    case 'darwin':
      return posix.join(home, 'Library', 'Application Support', 'Rmada')
    default:
      return posix.join(env['XDG_DATA_HOME'] || posix.join(home, '.local', 'share'), 'rmada')
  }
}

/**
 * Where Rmada keeps its data and, apart from it, what lives only while a manager runs. RMADA_DATA_DIR and
 * RMADA_RUNTIME_DIR override both.
 */
export function directories(
  env: Environment,
  platform: NodeJS.Platform = process.platform
): { data: string; runtime: string } {
  const { join } = platform === 'win32' ? win32 : posix
  const data = env['RMADA_DATA_DIR'] || defaultData(env, platform)
  const runtime =
    env['RMADA_RUNTIME_DIR'] || (env['XDG_RUNTIME_DIR'] ? join(env['XDG_RUNTIME_DIR'], 'rmada') : join(data, 'run'))
  return { data, runtime }
}
