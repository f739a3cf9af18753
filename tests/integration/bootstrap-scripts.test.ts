import { spawnSync } from 'node:child_process'
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scriptWith } from '../../app/main/core/shell-text.ts'

const resource = (name: string) => readFileSync(new URL(`../../resources/bootstrap/${name}`, import.meta.url), 'utf8')

let home: string
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'rmada-bootstrap-')) })
afterEach(() => { rmSync(home, { recursive: true, force: true }) })

const file = (path: string) => readFileSync(join(home, path), 'utf8')

function configure(variables: Record<string, string>, path = process.env.PATH) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-s'], {
    input: scriptWith(variables, resource('configure.sh')), encoding: 'utf8',
    // A shared host: nothing outside the home may change, so nothing of this machine does.
    env: { HOME: home, PATH: path, RMADA_SHARED_HOST: '1' }
  })
  return { status, stdout, stderr }
}

const node = {
  MODE: 'node', ROLE: 'master', CLUSTER_KEY: 'ssh-ed25519 AAAA rmada cluster',
    KNOWN_HOSTS: 'ip-10-0-0-1,10.0.0.1 ssh-ed25519 BBBB',
  HOSTS: '10.0.0.1 ip-10-0-0-1', HOSTFILE: '10.0.0.1 slots=2\n10.0.0.2 slots=2\n', NODES: 'ip-10-0-0-1 10.0.0.1'
}

/** Everything below the home with mode and content, times apart. */
function snapshot(folder = home): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).map(entry => {
    const path = join(entry.parentPath, entry.name)
    const mode = (statSync(path).mode & 0o777).toString(8)
    return `${path} ${mode} ${entry.isFile() ? readFileSync(path, 'utf8') : ''}`
  }).toSorted()
}

describe('configure.sh', () => {
  it('makes the key of the cluster once', () => {
    const first = configure({ MODE: 'key' })
    expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ssh-ed25519 \S+ rmada cluster\n$/) })
    expect(configure({ MODE: 'key' }).stdout).toBe(first.stdout)
    expect(statSync(join(home, '.ssh/rmada-cluster')).mode & 0o777).toBe(0o600)
  })

  it('leaves the same state however often it runs', () => {
    expect(configure(node)).toMatchObject({ status: 0, stderr: '' })
    const once = snapshot()
    expect(configure(node).status).toBe(0)
    expect(snapshot()).toEqual(once)
    expect(file('ompi-hostfile')).toBe(node.HOSTFILE)
    expect(file('.openmpi/mca-params.conf')).toContain(`orte_default_hostfile = ${home}/ompi-hostfile`)
  })

  it('keeps what the user wrote, and replaces its own lines in place', () => {
    mkdirSync(join(home, '.ssh'))
    writeFileSync(join(home, '.ssh/authorized_keys'), 'ssh-ed25519 MINE me@laptop\n')
    writeFileSync(join(home, '.ssh/config'), 'Host mine\n  User me\n')
    configure(node)
    configure({ ...node, CLUSTER_KEY: 'ssh-ed25519 CCCC rmada cluster', NODES: 'ip-10-0-0-9' })
    expect(file('.ssh/authorized_keys')).toBe(
      'ssh-ed25519 MINE me@laptop\n# >>> rmada >>>\nssh-ed25519 CCCC rmada cluster\n# <<< rmada <<<\n')
    expect(file('.ssh/config')).toMatch(/^Host mine\n {2}User me\n# >>> rmada >>>\nHost ip-10-0-0-9\n/)
    expect(file('.ssh/config').match(/rmada >>>/g)).toHaveLength(1)
  })

  it('writes an ssh configuration that OpenSSH reads, with no question left open', () => {
    configure(node)
    const read = spawnSync('ssh', ['-F', join(home, '.ssh/config'), '-G', 'ip-10-0-0-1'], { encoding: 'utf8' })
    expect(read.stdout).toMatch(/^stricthostkeychecking true$/m)
    expect(read.stdout).toMatch(/^batchmode yes$/m)
    const other = spawnSync('ssh', ['-F', join(home, '.ssh/config'), '-G', 'example.org'], { encoding: 'utf8' })
    expect(other.stdout).toMatch(/^batchmode no$/m)
  })

  it('gives the key to the master alone', () => {
    configure({ ...node, ROLE: 'slave' })
    expect(existsSync(join(home, '.ssh/config'))).toBe(false)
    expect(existsSync(join(home, '.ssh/rmada-cluster'))).toBe(false)
  })
})

describe('ide.sh', () => {
  const ide = (action: string, path = process.env.PATH) =>
    spawnSync('/bin/sh', [join(home, '.rmada/ide.sh'), action], { encoding: 'utf8', env: { HOME: home, PATH: path } })
  beforeEach(() => {
    mkdirSync(join(home, '.rmada'))
    writeFileSync(join(home, '.rmada/ide.sh'), resource('ide.sh'))
    writeFileSync(join(home, '.rmada/secret'), 'c0ffee'.repeat(10))
  })

  it('says by its exit code that there is no web IDE', () => {
    const bin = join(home, 'bin')
    mkdirSync(bin)
    symlinkSync('/bin/rm', join(bin, 'rm'))
    expect(ide('start', bin)).toMatchObject({ status: 3, stdout: '' })
    expect(ide('status', bin).status).toBe(1)
  })

  it.runIf(existsSync('/usr/bin/jupyter-notebook'))('starts Jupyter once, on loopback, behind the secret, and stops it', async () => {
    const started = ide('start', '/usr/bin:/bin')
    try {
      const { kind, port } = JSON.parse(started.stdout) as { kind: string; port: number }
      expect(kind).toMatch(/jupyter|rstudio/)
      expect(ide('start', '/usr/bin:/bin').stdout).toBe(started.stdout)
      expect(ide('status', '/usr/bin:/bin')).toMatchObject({ status: 0, stdout: started.stdout })
      const url = `http://127.0.0.1:${port}/api/contents`
      expect((await fetch(url)).status).toBe(403)
      expect((await fetch(`${url}?token=wrong`)).status).toBe(403)
      expect((await fetch(`${url}?token=${'c0ffee'.repeat(10)}`)).status).toBe(200)
    } finally {
      expect(ide('stop', '/usr/bin:/bin').status).toBe(0)
    }
    expect(ide('status', '/usr/bin:/bin').status).toBe(1)
  })
})
