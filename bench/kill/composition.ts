import { join } from 'node:path'
import { createOpenCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import { ordinaryPatience } from '../../app/main/adapters/ec2/retry.ts'
import { createJournal } from '../../app/main/adapters/journal/journal.ts'
import { createNetworkRecords } from '../../app/main/adapters/records/records.ts'
import { makeKeyPair } from '../../app/main/adapters/ssh2/key-pair.ts'
import { randomHex } from '../../app/main/adapters/surroundings/random.ts'
import type { CloudAccess, OpenCloud, Ssh } from '../../app/main/core/ports/index.ts'
import type { ManagerPorts } from '../../app/main/services/manager.ts'
import { fakePorts } from '../../app/main/services/testing/fake-ports.ts'
import { FakeSsh } from '../../app/main/services/testing/fake-ssh.ts'
import { fastClock } from '../shared/fast-clock.ts'

/** Where a manager finds the practice cloud, and its own files. */
export interface Place {
  readonly dataDirectory: string
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const speed = 200
const patience = { ...ordinaryPatience, throttledPause: 5, longestPause: 60, inUse: 2_000, notYetKnown: 2_000 }
export const openCloud: OpenCloud = createOpenCloud(patience)

export const accessOf = ({ endpoint, region, accessKeyId, secretAccessKey }: Place): CloudAccess =>
  ({ region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } })

/**
 * A manager's ports: the real journal, records and ec2 adapter, on which what survives a kill depends; nodes in memory,
 * which a kill of the manager does not touch. `step` is called before each step on journal, records, cloud and ssh.
 */
export function killablePorts(place: Place, step: (what: string) => void): ManagerPorts {
  const { endpoint, region, accessKeyId, secretAccessKey, dataDirectory } = place
  const ssh = new FakeSsh()
  const stepping = <T extends object>(port: T, name: string): T => counted(port, name, step)
  return fakePorts({
    openCloud: access => stepping(openCloud(access), 'ec2'),
    ssh: steppingSsh(ssh, step),
    records: stepping(createNetworkRecords(join(dataDirectory, 'networks')), 'records'),
    journal: stepping(createJournal(join(dataDirectory, 'journal.jsonl')), 'journal'),
    clock: fastClock(speed), makeKeyPair, randomHex,
    practice: {
      backend: 'none', available: true, explanation: '', stop: async () => {},
      start: async () => ({ endpoint, region, accessKeyId, secretAccessKey })
    },
    dataDirectory
  })
}

/** The same object, whose every method counts as a step before it is run. */
function counted<T extends object>(port: T, name: string, step: (what: string) => void): T {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function' || typeof key !== 'string') return value
      return (...inputs: unknown[]): unknown => {
        step(`${name}.${key}`)
        return Reflect.apply(value, target, inputs)
      }
    }
  })
}

function steppingSsh(ssh: Ssh, step: (what: string) => void): Ssh {
  return {
    async connect(target, options) {
      step('ssh.connect')
      return counted(await ssh.connect(target, options), 'ssh', step)
    }
  }
}
