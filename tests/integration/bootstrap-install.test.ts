import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scriptFor } from '../support/install-script.ts'

let home: string
let bin: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rmada-install-'))
  bin = join(home, 'bin')
  mkdirSync(bin)
})
afterEach(() => { rmSync(home, { recursive: true, force: true }) })

const slave = { role: 'slave' as const, packages: [], webIde: false }

/** A folder of programs that is all the script can find: these of this computer, and stubs. */
function programs(real: readonly string[], stubs: Readonly<Record<string, string>>): void {
  for (const tool of real) {
    const path = ['/usr/bin', '/bin'].map(folder => join(folder, tool)).find(existsSync)
    if (path !== undefined) symlinkSync(path, join(bin, tool))
  }
  for (const [name, text] of Object.entries(stubs)) {
    // Never through a link to this computer's own program.
    rmSync(join(bin, name), { force: true })
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(bin, name), 0o755)
  }
}
const tools = ['sh', 'id', 'setsid', 'perl', 'tr', 'sed', 'tail', 'uname', 'sleep', 'timeout', 'chmod', 'cat', 'mkdir', 'tee']
const compilers = ['mpicc', 'cc', 'gcc', 'gfortran', 'make']

function prepare(script: string): string {
  const file = join(home, 'install.sh')
  writeFileSync(file, script)
  return file
}

function run(script: string, environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [prepare(script)], {
    encoding: 'utf8', env: { HOME: home, PATH: bin, ...environment }
  })
  return { status, stdout, stderr }
}

describe('the installation script on a host that nodes share', () => {
  const shared = { RMADA_SHARED_HOST: '1' }

  it('says what is missing, because it may not install it', () => {
    programs(tools, { sudo: `echo "sudo $*" >>"${home}/calls"`, 'apt-get': `echo "apt-get $*" >>"${home}/calls"` })
    expect(run(scriptFor(slave, 'apt'), shared)).toMatchObject({
      status: 1, stderr: 'rmada: Open MPI and R are missing, and this user may not install it\n'
    })
    expect(existsSync(join(home, 'calls'))).toBe(false)
  })

  it('installs nothing where all is there, in under a second, and asks neither sudo nor a package manager', () => {
    const none = `echo called >>"${home}/calls"`
    programs([...tools, ...compilers], { sudo: none, 'apt-get': none, curl: none, mpirun: 'exit 0', R: 'exit 0',
      Rscript: none, systemctl: none })
    mkdirSync(join(home, 'R/a/b/Rmpi'), { recursive: true })
    writeFileSync(join(home, 'R/a/b/Rmpi/DESCRIPTION'), 'Package: Rmpi\n')
    const began = performance.now()
    expect(run(scriptFor({ ...slave, role: 'master', webIde: true }, 'apt'), shared))
      .toEqual({ status: 0, stdout: '==> All parts are there\n', stderr: '' })
    expect(performance.now() - began).toBeLessThan(1000)
    expect(existsSync(join(home, 'calls'))).toBe(false)
  })

  it('ends with all that it had started when it is cancelled', async () => {
    programs([...tools, ...compilers], { mpirun: 'exit 0', R: 'exit 0',
      Rscript: `echo $$ >>"${home}/pids"; sleep 300 & echo $! >>"${home}/pids"; wait` })
    const child = spawn('/bin/sh', [prepare(scriptFor({ ...slave, packages: ['ab'] }, 'apt'))], {
      env: { HOME: home, PATH: bin, ...shared }, stdio: 'ignore'
    })
    const ended = new Promise(resolve => child.on('exit', resolve))
    const pids = () => existsSync(join(home, 'pids')) ? readFileSync(join(home, 'pids'), 'utf8').trim().split('\n') : []
    await expect.poll(() => pids().length, { timeout: 5000 }).toBe(2)
    child.kill('SIGTERM')
    expect(await ended).toBe(143)
    for (const pid of pids()) expect(isAlive(Number(pid))).toBe(false)
  })
})

function isAlive(pid: number): boolean {
  try {
    // A zombie, whose parent has gone, waits for process 1 to bury it.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('the installation script with a STUB dnf that only records its calls (no such system is here)', () => {
  const dnf = (home: string, bin: string) => [
    `echo "$*" >>"${home}/calls"`,
    'case $* in *repoquery*R-Rcpp) echo R-Rcpp-0 ;; *repoquery*) ;;',
    `*install*) for p in mpirun R mpicc gcc gfortran make; do printf '#!/bin/sh\\n' >"${bin}/$p"; chmod 755 "${bin}/$p"; done`,
    `  case $* in *R-Rcpp*) mkdir -p "${home}/R/a/b/Rcpp"; echo >"${home}/R/a/b/Rcpp/DESCRIPTION" ;; esac ;;`,
    'esac'
  ].join('\n')
  const rscript = (home: string) => [
    'case $* in *system.file*) exit 1 ;; esac',
    `echo "Rscript $*" >>"${home}/calls"`,
    `for p; do case $p in -*) ;; *) mkdir -p "${home}/R/a/b/$p"; echo >"${home}/R/a/b/$p/DESCRIPTION" ;; esac; done`
  ].join('\n')

  it('asks it for what is missing, takes Rmpi from CRAN, and asks nothing the second time', () => {
    programs(tools, { dnf: dnf(home, bin), Rscript: rscript(home), sudo: 'shift; exec "$@"' })
    const script = scriptFor({ ...slave, packages: ['Rcpp', 'zoo'] }, 'dnf')
      // This computer's own libraries are not the stub system's.
      .replaceAll(/\/usr\/\S*\/R\/(site-)?library/g, '/nowhere')
    expect(run(script)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('==> All parts are there') })
    expect(readFileSync(join(home, 'calls'), 'utf8').trim().split('\n')).toEqual([
      '-y --setopt=install_weak_deps=False --setopt=retries=3 install openmpi R-core openmpi-devel gcc gcc-c++ ' +
        'gcc-gfortran make R-core-devel',
      '-q repoquery R-Rmpi',
      'Rscript --vanilla - Rmpi',
      '-q repoquery R-Rcpp',
      '-q repoquery R-zoo',
      '-y --setopt=install_weak_deps=False --setopt=retries=3 install R-Rcpp',
      'Rscript --vanilla - zoo'
    ])
    rmSync(join(home, 'calls'))
    expect(run(script)).toEqual({ status: 0, stdout: '==> All parts are there\n', stderr: '' })
    expect(existsSync(join(home, 'calls'))).toBe(false)
  })
})

describe('RStudio Server, with STUBS for curl and apt-get', () => {
  const content = 'what curl brings'
  const withIde = () => scriptFor({ role: 'master', packages: [], webIde: true }, 'apt')
    .replaceAll('/run/systemd/system', '/nowhere')
    .replaceAll('/usr/lib/rstudio-server', '/nowhere')
    .replaceAll('/etc/rstudio', `${home}/etc`)
  beforeEach(() => {
    programs([...tools, ...compilers, 'mktemp', 'sha256sum', 'rm', 'mv', 'grep', 'head'], {
      mpirun: 'exit 0', R: 'exit 0', uname: 'echo x86_64', sudo: 'shift; exec "$@"', env: 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"',
      dpkg: 'exit 0', 'apt-cache': 'exit 0', Rscript: 'exit 1',
      curl: `while [ "$1" != -o ]; do shift; done; printf '${content}' >"$2"`,
      'apt-get': `case $* in *install*.deb*) echo deb >>"${home}/calls"; cat "${home}/etc/rserver.conf" >>"${home}/calls" ;;` +
        ` *install*) exit 100 ;; esac`,
      sleep: 'exit 0'
    })
    mkdirSync(join(home, 'R/a/b/Rmpi'), { recursive: true })
    writeFileSync(join(home, 'R/a/b/Rmpi/DESCRIPTION'), 'Package: Rmpi\n')
    mkdirSync(join(home, 'etc'))
    writeFileSync(join(home, 'etc/rserver.conf'), 'www-address=0.0.0.0\nauth-minimum-user-id=1000\n')
  })

  it('is not installed when its checksum differs, and the network does without a web IDE', () => {
    const { status, stdout } = run(withIde())
    expect(status).toBe(0)
    expect(stdout).toContain('its checksum differs. It is not installed\n')
    expect(stdout).toContain('==> No web IDE could be installed; R and MPI work without one\n')
    expect(existsSync(join(home, 'calls'))).toBe(false)
  })

  it('is bound to this computer alone before its package is installed', () => {
    const sum = createHash('sha256').update(content).digest('hex')
    const { status, stdout } = run(withIde().replace(/^RSTUDIO_SHA256=.*$/m, `RSTUDIO_SHA256='${sum}'`))
    expect({ status, last: stdout.trim().split('\n').at(-1) }).toEqual({ status: 0, last: '==> All parts are there' })
    expect(readFileSync(join(home, 'calls'), 'utf8')).toBe('deb\nauth-minimum-user-id=1000\nwww-address=127.0.0.1\n')
  })
})
