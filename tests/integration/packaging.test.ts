import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cli = join(root, 'node_modules/electron-builder/cli.js')

/** What Electron's binary holds where its fuses are: the mark, version 1, their number, and each one's state. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuseNames = [
  'runAsNode', 'cookieEncryption', 'nodeOptions', 'nodeCliInspect', 'asarIntegrity', 'onlyLoadAppFromAsar',
  'v8Snapshot', 'fileProtocolPrivileges'
]

const folder = mkdtempSync(join(tmpdir(), 'rmada-pack-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A folder that electron-builder takes for an unpacked Electron, so that packing needs no download. */
function layElectron(): string {
  const dist = join(folder, 'electron')
  mkdirSync(join(dist, 'resources'), { recursive: true })
  mkdirSync(join(dist, 'locales'))
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome_crashpad_handler', 'chrome-sandbox']) {
    writeFileSync(join(dist, name), '')
  }
  const fuses = Buffer.from([1, fuseNames.length, ...fuseNames.map(() => 0x72)])
  const binary = Buffer.concat([Buffer.from(`head ${fuseMark}`), fuses, Buffer.from(' tail')])
  writeFileSync(join(dist, 'electron'), binary, { mode: 0o755 })
  return dist
}

async function pack(output: string, ...settings: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [
    cli, '--linux', 'dir', '--x64', `-c.directories.output=${output}`, `-c.electronDist=${join(folder, 'electron')}`,
    '-c.npmRebuild=false', ...settings
  ], { cwd: root, maxBuffer: 64 * 1024 * 1024, timeout: 100_000 })
}

interface Entry { files?: Record<string, Entry>; unpacked?: boolean }

/** Paths in an asar archive, with whether each lies unpacked beside it. */
function listArchive(file: string): Map<string, boolean> {
  const bytes = readFileSync(file)
  const length = bytes.readUInt32LE(12)
  const found = new Map<string, boolean>()
  const walk = (entry: Entry, path: string): void => {
    if (!entry.files) found.set(path, entry.unpacked === true)
    for (const [name, child] of Object.entries(entry.files ?? {})) walk(child, path === '' ? name : `${path}/${name}`)
  }
  walk(JSON.parse(bytes.toString('utf8', 16, 16 + length)) as Entry, '')
  return found
}

describe('the app as electron-builder packs it', () => {
  const app = join(folder, 'out/linux-unpacked')
  let files: Map<string, boolean>
  beforeAll(async () => {
    if (!existsSync(join(root, 'out/main/index.js'))) {
      throw new Error('The app is not built: run "npm run build" first.')
    }
    layElectron()
    await pack(join(folder, 'out'))
    files = listArchive(join(app, 'resources/app.asar'))
  })

  it.each([
    'package.json', 'out/main/index.js', 'out/main/manager.js', 'out/main/cli.js', 'out/preload/index.cjs',
    'out/renderer/index.html'
  ])('holds %s', path => { expect(files.get(path)).toBe(false) })

  it.each(['resources/icons/icon.png', 'r-package/DESCRIPTION', 'r-package/inst/evaluator/server.R'])(
    'holds %s as a real file beside the archive, for R and the system to read', path => {
      expect(files.get(path)).toBe(true)
      expect(existsSync(join(app, 'resources/app.asar.unpacked', path))).toBe(true)
    })

  it('holds no sources, source maps, tests or bundled packages', () => {
    const paths = [...files.keys()]
    expect(paths.filter(path => /^(app|tests|scripts|docs)\//.test(path) || /\.(ts|map)$/.test(path))
      .filter(path => !path.startsWith('node_modules/'))).toEqual([])
    const packages = new Set(paths.filter(path => path.startsWith('node_modules/')).map(path => path.split('/')[1]))
    const kept = /^(ssh2|asn1|safer-buffer|bcrypt-pbkdf|tweetnacl|cpu-features|keytar)$/
    expect([...packages].filter(name => !kept.test(name ?? ''))).toEqual([])
    expect(packages).toContain('ssh2')
  })

  it('runs nothing but itself: its fuses are set', () => {
    const binary = readFileSync(join(app, 'rmada'))
    const at = binary.indexOf(fuseMark) + fuseMark.length + 2
    const state = (index: number): string => String.fromCharCode(binary[at + index] ?? 0)
    const states = Object.fromEntries(fuseNames.map((name, index) => [name, state(index)]))
    expect(states).toEqual({
      runAsNode: '0', cookieEncryption: '0', nodeOptions: '0', nodeCliInspect: '0', asarIntegrity: '1',
      onlyLoadAppFromAsar: '1', v8Snapshot: '0', fileProtocolPrivileges: '0'
    })
  })
})

it('is described in words that electron-builder knows', async () => {
  // The packing above passed the same check; this shows that the check is there.
  await expect(pack(join(folder, 'wrong'), '-c.nonsense=true')).rejects.toThrow(/Invalid configuration|nonsense/)
})

describe('the icon', () => {
  const icon = (name: string): Buffer => readFileSync(join(root, 'resources/icons', name))
  const width = (png: Buffer): number => png.readUInt32BE(16)

  it('for Linux is there in each size it says', () => {
    for (const size of [16, 32, 48, 64, 128, 256, 512]) expect(width(icon(`linux/${size}x${size}.png`))).toBe(size)
  })

  it('for Windows holds every size up to 256', () => {
    const file = icon('icon.ico')
    const sizes = Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
      const offset = file.readUInt32LE(6 + 16 * index + 12)
      return width(file.subarray(offset, offset + file.readUInt32LE(6 + 16 * index + 8)))
    })
    expect(sizes).toEqual([16, 32, 48, 64, 128, 256])
  })

  it('for the Mac holds every size up to 1024', () => {
    const file = icon('icon.icns')
    expect(file.toString('latin1', 0, 4)).toBe('icns')
    expect(file.readUInt32BE(4)).toBe(file.length)
    const sizes: number[] = []
    for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) sizes.push(width(file.subarray(at + 8)))
    expect(sizes).toEqual([16, 32, 64, 128, 256, 512, 1024])
  })
})
