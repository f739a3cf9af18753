import { existsSync } from 'node:fs'

/** What programs of a machine find in their environment: this computer's own, with the machine's user and home. */
export function machineEnvironment(home: string, user: string): Record<string, string> {
  const inherited = ['PATH', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'ComSpec', 'PATHEXT',
    'RMADA_MACHINE', 'RMADA_LEAK_GUARD']
  const environment: Record<string, string> = {}
  for (const name of inherited) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  environment['LANG'] ??= 'C.UTF-8'
  Object.assign(environment, { HOME: home, USER: user, LOGNAME: user, RMADA_SHARED_HOST: '1' })
  if (process.platform === 'win32') environment['USERPROFILE'] = home
  else environment['SHELL'] = shell.program
  if (process.getuid?.() === 0) Object.assign(environment,
    { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' })
  // Many machines share this computer's cores: ranks must not all be tied to the first ones, nor spin while they wait.
  Object.assign(environment, { OMPI_MCA_hwloc_base_binding_policy: 'none', OMPI_MCA_mpi_yield_when_idle: '1' })
  return environment
}

/** The login shell: bash where there is one. */
export const shell = process.platform === 'win32'
  ? { program: 'powershell.exe', command: (text: string) =>
    ['-NoProfile', '-Command', text], interactive: ['-NoProfile'] }
  : { program: findShell(), command: (text: string) => ['-c', text], interactive: ['-l'] }

function findShell(): string {
  return ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh'
}
