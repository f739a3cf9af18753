import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSsh } from '../../app/main/adapters/ssh2/ssh.ts'
import type { SshTarget } from '../../app/main/core/ports/index.ts'
import { chooseBackend, createMachines } from '../../app/main/practice/machines/create.ts'
import type { Machines } from '../../app/main/practice/machines/machines.ts'
import { scriptFor } from '../support/install-script.ts'

/**
 * Real installations on a machine of its own: apt-get, dpkg, R CMD INSTALL and install.packages() do their work, on two
 * small packages that are made here, since the machine has no way out: one as Debian's r-cran-*, one as CRAN's source.
 */
describe.runIf(chooseBackend('namespaces').available)('the installation script on a real machine', () => {
  const id = 'i-1'
  let folder: string
  let machines: Machines
  let ssh: readonly string[]
  let target: SshTarget

  const on = (command: string, input: string | Buffer = ''): Promise<{ stdout: string; stderr: string; code: number }> =>
    new Promise(resolve => {
      const child = execFile('ssh', [...ssh, command], { timeout: 50_000 }, (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) })
      })
      child.stdin?.end(input)
    })

  async function makePackage(name: string): Promise<string> {
    const source = join(folder, name)
    await mkdir(join(source, 'R'), { recursive: true })
    await writeFile(join(source, 'DESCRIPTION'), [
      `Package: ${name}`, 'Version: 1.0', 'Title: For a Test', 'Description: For a test.', 'License: GPL-3',
      'Author: Nobody', 'Maintainer: Nobody <nobody@example.org>', ''
    ].join('\n'))
    await writeFile(join(source, 'NAMESPACE'), 'export(answer)\n')
    await writeFile(join(source, 'R/answer.R'), 'answer <- function() 42\n')
    return source
  }

  /** A repository for apt with one package, r-cran-rmadadist. */
  async function makeAptRepository(repository: string): Promise<void> {
    const tree = join(folder, 'deb')
    const library = join(tree, 'usr/lib/R/site-library')
    await mkdir(library, { recursive: true })
    await mkdir(join(tree, 'DEBIAN'))
    execFileSync('/usr/bin/R', ['CMD', 'INSTALL', '--no-docs', '-l', library, await makePackage('rmadaDist')],
      { stdio: 'pipe' })
    const control = [
      'Package: r-cran-rmadadist', 'Version: 1.0', 'Architecture: all', 'Maintainer: Nobody <nobody@example.org>',
      'Description: for a test', ''
    ].join('\n')
    await writeFile(join(tree, 'DEBIAN/control'), control)
    const file = join(repository, 'r-cran-rmadadist.deb')
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, file], { stdio: 'pipe' })
    const bytes = await readFile(file)
    const sum = createHash('sha256').update(bytes).digest('hex')
    await writeFile(join(repository, 'Packages'),
      `${control}Filename: ./r-cran-rmadadist.deb\nSize: ${bytes.length}\nSHA256: ${sum}\n`)
  }

  async function makeCran(repository: string): Promise<void> {
    const contrib = join(repository, 'src/contrib')
    await mkdir(contrib, { recursive: true })
    await makePackage('rmadaCran')
    execFileSync('tar', ['-czf', join(contrib, 'rmadaCran_1.0.tar.gz'), '-C', folder, 'rmadaCran'])
    await writeFile(join(contrib, 'PACKAGES'), 'Package: rmadaCran\nVersion: 1.0\nLicense: GPL-3\n')
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rmada-real-install-'))
    const keyFile = join(folder, 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile])
    const key = await readFile(`${keyFile}.pub`, 'utf8')
    machines = createMachines('namespaces', { stateDirectory: join(folder, 'practice'), log: () => undefined })
    const { publicIp } = await machines.reserve(id)
    await machines.create({ instanceId: id, user: 'ec2-user', authorizedKeys: [key], userData: null, vcpus: 2 })
    const keys = /BEGIN SSH HOST KEY KEYS-----\n([^]*?)-----END/.exec(await machines.console(id))?.[1] ?? ''
    await writeFile(join(folder, 'known_hosts'),
      keys.trim().split('\n').map(line => `${publicIp} ${line}\n`).join(''))
    ssh = [
      '-F', '/dev/null', '-i', keyFile, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'LogLevel=ERROR',
      '-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`, `ec2-user@${publicIp}`
    ]
    target = {
      instanceId: id, host: publicIp, port: 22, user: 'ec2-user',
      hostKeys: keys.trim().split('\n').map(line => line.split(' ').slice(0, 2).join(' ')),
      privateKey: await readFile(keyFile, 'utf8')
    }
    const repositories = join(folder, 'repositories')
    await mkdir(join(repositories, 'apt'), { recursive: true })
    await Promise.all([makeAptRepository(join(repositories, 'apt')), makeCran(join(repositories, 'cran'))])
    const archive = execFileSync('tar', ['-cz', '-C', repositories, '.'])
    const unpacked = await on('mkdir -p ~/.rmada && sudo mkdir /srv/test && sudo tar -xz -C /srv/test && ' +
      'sudo rm -rf /etc/apt/sources.list.d && sudo mkdir /etc/apt/sources.list.d && ' +
      'echo "deb [trusted=yes] file:/srv/test/apt ./" | sudo tee /etc/apt/sources.list >/dev/null', archive)
    if (unpacked.code !== 0) throw new Error(unpacked.stderr)
  })
  afterAll(async () => {
    await machines.destroy(id)
    await machines.close({ powerOff: true })
    await rm(folder, { recursive: true, force: true })
  })

  const script = scriptFor({
    role: 'master', packages: ['rmadaDist', 'rmadaCran'], cran: ['file:///srv/test/cran'], webIde: true
  }, 'apt')
  const install = async () => {
    await on('cat >~/.rmada/install.sh', script)
    return on('sh ~/.rmada/install.sh')
  }
  const state = async () => (await on('dpkg -l | md5sum; ls -R ~/R | md5sum; ls -R /etc | md5sum')).stdout

  it('takes from the distribution what it has and from CRAN the rest', async () => {
    const { stdout, stderr, code } = await install()
    expect({ code, stderr: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('==> Installing from the distribution: r-cran-rmadadist\n')
    expect(stdout).toContain('==> Installing from CRAN: rmadaCran\n')
    expect((await on('dpkg-query -W -f "\\${Status}" r-cran-rmadadist')).stdout).toBe('install ok installed')
    expect((await on('Rscript -e "cat(rmadaDist::answer(), rmadaCran::answer(), dirname(find.package(\'rmadaCran\')))"'))
      .stdout).toMatch(/^42 42 \/home\/ec2-user\/R\//)
  })

  it('does nothing the second time, in under a second', async () => {
    const before = await state()
    expect(await install()).toEqual({ code: 0, stdout: '==> All parts are there\n', stderr: '' })
    const timed = await on('a=$(date +%s%N); sh ~/.rmada/install.sh >/dev/null; echo $((($(date +%s%N) - a) / 1000000))')
    expect(Number(timed.stdout)).toBeLessThan(1000)
    expect(await state()).toBe(before)
  })

  it('makes the evaluator a service where systemd runs (a STUB systemctl records; there is no systemd here)', async () => {
    await on('sudo mkdir -p /run/systemd/system; printf "#!/bin/sh\\necho \\"\\$*\\" >>/tmp/systemctl-calls\\n" | ' +
      'sudo tee /usr/local/bin/systemctl >/dev/null; sudo chmod 755 /usr/local/bin/systemctl')
    try {
      expect(await install()).toMatchObject({ code: 0, stdout: expect.stringContaining('==> Making the evaluator a service\n') })
      expect((await on('cat /tmp/systemctl-calls')).stdout)
        .toBe('daemon-reload\n-q enable rmada-evaluator.service\n')
      const unit = (await on('cat /etc/systemd/system/rmada-evaluator.service')).stdout
      await expect(unit).toMatchFileSnapshot('golden/rmada-evaluator.service')
      expect((await install()).stdout).toBe('==> All parts are there\n')
      expect((await on('cat /etc/systemd/system/rmada-evaluator.service')).stdout).toBe(unit)
    } finally {
      await on('sudo rm -r /run/systemd /usr/local/bin/systemctl /etc/systemd/system/rmada-evaluator.service')
    }
  })

  it('ends on the node when it is cancelled, with what it runs as root', async () => {
    // Root's apt-get that never ends, in the place of the real one.
    await on('printf "#!/bin/sh\\nsleep 4321\\n" | sudo tee /usr/local/bin/apt-get >/dev/null; sudo chmod 755 /usr/local/bin/apt-get')
    await on('cat >~/.rmada/install.sh', scriptFor({ role: 'slave', packages: ['rmadaSlow'], webIde: false }, 'apt'))
    const client = createSsh()
    try {
      const connection = await client.connect(target, { timeoutMs: 20_000 })
      const abort = new AbortController()
      const running = connection.exec('sh ~/.rmada/install.sh', { signal: abort.signal })
      const sleeping = async () => (await on('pgrep -u root -f "^sleep 4321"')).stdout.trim().split('\n').filter(Boolean)
      await expect.poll(sleeping, { timeout: 10_000 }).toHaveLength(1)
      abort.abort()
      await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
      await expect.poll(sleeping, { timeout: 10_000 }).toEqual([])
      await expect.poll(async () => (await on('pgrep -f "^sh .*install.sh"')).stdout, { timeout: 10_000 }).toBe('')
    } finally {
      await client.close()
      await on('sudo rm /usr/local/bin/apt-get')
    }
  })

  it('names the packages that nobody has', async () => {
    await on('cat >~/.rmada/install.sh', scriptFor({
      role: 'slave', packages: ['rmadaNowhere'], cran: ['file:///srv/test/cran'], webIde: false
    }, 'apt'))
    const { stderr, code } = await on('sh ~/.rmada/install.sh')
    expect(code).toBe(1)
    expect(stderr).toContain('rmada: these R packages could not be installed: rmadaNowhere\n')
  })
})
