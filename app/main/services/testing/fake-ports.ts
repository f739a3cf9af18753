import { RmadaError } from '../../core/error.ts'
import type {
  CatalogueStore, Journal, JournalEntry, NetworkRecord, NetworkRecords, PracticeCloud, Settings
} from '../../core/ports/index.ts'
import type { ManagerPorts } from '../manager.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeCloud } from './fake-cloud.ts'
import { FakeSsh } from './fake-ssh.ts'

/** What a crash leaves: records and journal on disk. `before` may hang for ever, as a dead process does. */
export class FakeDisk {
  readonly records = new Map<string, NetworkRecord>()
  readonly keys = new Map<string, string>()
  readonly catalogue = new Map<string, string>()
  journal: JournalEntry[] = []
  writes = 0
  before: (write: number) => Promise<void> = async () => {}
  after: (write: number) => Promise<void> = async () => {}

  async write(change: () => void): Promise<void> {
    this.writes += 1
    const write = this.writes
    await this.before(write)
    change()
    await this.after(write)
  }
}

function recordsOn(disk: FakeDisk): NetworkRecords {
  return {
    all: async () => [...disk.records.values()],
    save: record => disk.write(() => { disk.records.set(record.id, record) }),
    remove: id => disk.write(() => { disk.records.delete(id); disk.keys.delete(id) }),
    privateKey: async id => disk.keys.get(id) ?? null,
    savePrivateKey: (id, key) => disk.write(() => { disk.keys.set(id, key) }),
    secret: async id => id.padEnd(64, '0')
  }
}

function catalogueOn(disk: FakeDisk): CatalogueStore {
  return {
    read: async key => disk.catalogue.get(key) ?? null,
    write: async (key, text) => { disk.catalogue.set(key, text) }
  }
}

function journalOn(disk: FakeDisk): Journal {
  return {
    append: entry => disk.write(() => { disk.journal.push(entry) }),
    entries: async () => disk.journal,
    forget: id => disk.write(() => { disk.journal = disk.journal.filter(entry => entry.networkId !== id) })
  }
}

/** All ports of a manager, in memory; `cloud`, `disk` and `ssh` outlive managers as the real ones do. */
export interface FakePorts extends ManagerPorts {
  readonly cloud: FakeCloud
  readonly disk: FakeDisk
  readonly fakeSsh: FakeSsh
  readonly fakeClock: FakeClock
  readonly logged: string[]
}

export function fakePorts(
  shared: Partial<Pick<FakePorts, 'cloud' | 'disk' | 'fakeSsh'>> & Partial<ManagerPorts> = {}
): FakePorts {
  const { cloud = new FakeCloud(), disk = new FakeDisk(), fakeSsh = new FakeSsh(), ...others } = shared
  const fakeClock = new FakeClock()
  const kept = new Map<string, string>()
  const logged: string[] = []
  let settings: Settings = { lastRegion: 'practice-1', closedToTrayNoticeShown: false,
    account: { profile: null, key: null }, keys: [], customRegions: [], proxy: null, connectSeconds: 3,
    answerSeconds: 60, retries: 3 }
  const practice: PracticeCloud = {
    backend: 'processes', available: true, explanation: 'Processes on this computer.',
    start: async () => ({ endpoint: 'http://127.0.0.1:1', region: 'practice-1', accessKeyId: 'A',
      secretAccessKey: 'S' }),
    stop: async () => {}
  }
  let random = 0
  return {
    cloud, disk, fakeSsh, fakeClock, logged,
    openCloud: ({ region }) => region === 'practice-1' ? cloud : new FakeCloud(region),
    ssh: fakeSsh,
    makeKeyPair: comment => ({ publicKey: `ssh-ed25519 AAAA ${comment}`, privateKey: `private key of ${comment}` }),
    privateKeys: {
      read: async file => {
        throw new RmadaError('KEY_FILE_INVALID', `The private key file ${file} is not there.`, { suggestion: 'Name another.' })
      },
      ofAgent: async () => []
    },
    evaluator: {
      ping: async () => {},
      evaluate: async (_address, expression) => {
        if (expression === 'stop("no")') throw new RmadaError('EVALUATION_FAILED', 'no', { suggestion: '' })
        return { output: '', value: `[1] ${expression}`, visible: true }
      }
    },
    records: recordsOn(disk),
    journal: journalOn(disk),
    secrets: {
      kind: 'keychain',
      get: async account => kept.get(account) ?? null,
      set: async (account, secret) => { kept.set(account, secret) },
      delete: async account => { kept.delete(account) }
    },
    awsFiles: {
      configFile: '/home/ana/.aws/config',
      profiles: async () => [{ name: 'work', kind: 'sso', region: 'eu-west-1' }]
    },
    settings: { read: () => settings, write: change => { settings = { ...settings, ...change } } },
    practice,
    ownAddress: async () => '192.0.2.200/32',
    readResource: async path => path === 'resources/catalogue.json'
      ? JSON.stringify({
        source: 'test', date: '2026-02-09', region: 'us-east-1', prices: { 'c5.large': 0.085 },
        volumes: { snapshot: { price: 0.05, source: 'list', date: '2026-01-01' }, gp3: { price: 0.08, source: 'test', date: '2026-08-17' } },
        publicIpv4: { price: 0.005, source: 'test', date: '2026-07-24' }
      })
      : `# ${path}\n`,
    catalogueStore: catalogueOn(disk),
    clock: fakeClock,
    randomHex: bytes => {
      random += 1
      // Unlike the ids of an earlier manager on the same disk.
      return (disk.writes * 1000 + random).toString(16).padStart(8, '0').padEnd(bytes * 2, '0')
    },
    log: (level, message, details) => { logged.push(`${level} ${message} ${JSON.stringify(details ?? {})}`) },
    taskLogs: { append: () => {}, path: id => `/nowhere/${id}.log` },
    environment: {},
    version: '0.0.0',
    dataDirectory: '/nowhere',
    ...others
  }
}
