/**
 * What the practice cloud offers: real EC2 instance types with their real shapes, images that stand for this
 * computer's own system, and three zones of which not every one offers every type.
 */

export type Architecture = 'x86_64' | 'arm64'

export interface CatalogueType {
  readonly name: string
  readonly vcpus: number
  readonly cores: number
  readonly threadsPerCore: number
  readonly memoryMib: number
  /** In EC2's own words, for example "Up to 12.5 Gigabit". */
  readonly network: string
  readonly architecture: Architecture
  readonly processor: 'Intel' | 'AMD' | 'AWS'
  readonly hypervisor: 'nitro' | 'xen'
  /** May stand in a placement group of strategy cluster. */
  readonly clusterPlacement: boolean
  readonly currentGeneration: boolean
  readonly burstable: boolean
  readonly freeTier: boolean
  readonly efa: boolean
  readonly gpu: {
    readonly name: string
    readonly manufacturer: string
    readonly count: number
    readonly memoryMib: number
  } | null
  /** Spot is sold too. */
  readonly spot: boolean
  readonly zones: readonly string[]
}

export interface CatalogueImage {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly architecture: Architecture
  readonly createdAt: string
  readonly rootDevice: string
  readonly snapshotId: string
  readonly rootGib: number
}

export const practiceRegion = 'practice-1'

/** The login user of every practice machine. */
export const practiceUser = 'ec2-user'

export const practiceZones: readonly { readonly name: string; readonly id: string; readonly cidr: string }[] = [
  { name: 'practice-1a', id: 'prc1-az1', cidr: '172.31.0.0/20' },
  { name: 'practice-1b', id: 'prc1-az2', cidr: '172.31.16.0/20' },
  { name: 'practice-1c', id: 'prc1-az3', cidr: '172.31.32.0/20' }
]

export const practiceVpcCidr = '172.31.0.0/16'

const everywhere = practiceZones.map((zone) => zone.name)
const zones = (...letters: string[]) => letters.map((letter) => `${practiceRegion}${letter}`)

type Shape = Pick<CatalogueType, 'name' | 'vcpus' | 'cores' | 'network' | 'zones'> & { gib: number }

/** One row of the table: what its family has in common, then what is its own. */
function types(family: Partial<CatalogueType>, rows: readonly Shape[]): CatalogueType[] {
  return rows.map(({ gib, ...row }) => ({
    threadsPerCore: row.vcpus / row.cores,
    memoryMib: gib * 1024,
    architecture: 'x86_64',
    processor: 'Intel',
    hypervisor: 'nitro',
    clusterPlacement: true,
    currentGeneration: true,
    burstable: false,
    freeTier: false,
    efa: false,
    gpu: null,
    spot: true,
    ...family,
    ...row
  }))
}

const row = (name: string, vcpus: number, cores: number, gib: number, network: string, where = everywhere): Shape => ({
  name,
  vcpus,
  cores,
  gib,
  network,
  zones: where
})

const burstable = { burstable: true, clusterPlacement: false }
const graviton = { architecture: 'arm64', processor: 'AWS' } as const
/** Types for HPC: no simultaneous multithreading, EFA, sold on demand only. */
const hpc = { efa: true, spot: false }
const a10g = { name: 'A10G', manufacturer: 'NVIDIA', count: 1, memoryMib: 24576 }

export const catalogueTypes: readonly CatalogueType[] = [
  ...types({ ...burstable, hypervisor: 'xen', freeTier: true }, [row('t2.micro', 1, 1, 1, 'Low to Moderate')]),
  ...types(burstable, [
    row('t3.micro', 2, 1, 1, 'Up to 5 Gigabit'),
    row('t3.small', 2, 1, 2, 'Up to 5 Gigabit'),
    row('t3.medium', 2, 1, 4, 'Up to 5 Gigabit'),
    row('t3.large', 2, 1, 8, 'Up to 5 Gigabit')
  ]),
  ...types({ ...burstable, ...graviton }, [row('t4g.small', 2, 2, 2, 'Up to 5 Gigabit', zones('a', 'c'))]),
  ...types({ hypervisor: 'xen', currentGeneration: false }, [row('c4.large', 2, 1, 3.75, 'Moderate', zones('c'))]),
  ...types({}, [
    row('c5.large', 2, 1, 4, 'Up to 10 Gigabit'),
    row('m5.large', 2, 1, 8, 'Up to 10 Gigabit'),
    row('c7i.large', 2, 1, 4, 'Up to 12.5 Gigabit', zones('a', 'b')),
    row('c7i.xlarge', 4, 2, 8, 'Up to 12.5 Gigabit', zones('a', 'b')),
    row('c7i.2xlarge', 8, 4, 16, 'Up to 12.5 Gigabit', zones('a', 'b')),
    row('c7i.4xlarge', 16, 8, 32, 'Up to 12.5 Gigabit', zones('a', 'b')),
    row('c7i.8xlarge', 32, 16, 64, '12.5 Gigabit', zones('a', 'b')),
    row('m7i.large', 2, 1, 8, 'Up to 12.5 Gigabit', zones('a', 'b')),
    row('m7i.xlarge', 4, 2, 16, 'Up to 12.5 Gigabit', zones('a', 'b')),
    row('m7i.2xlarge', 8, 4, 32, 'Up to 12.5 Gigabit', zones('a', 'b')),
    row('r7i.large', 2, 1, 16, 'Up to 12.5 Gigabit', zones('b')),
    row('r7i.2xlarge', 8, 4, 64, 'Up to 12.5 Gigabit', zones('b'))
  ]),
  ...types({ efa: true }, [row('c7i.48xlarge', 192, 96, 384, '50 Gigabit', zones('a'))]),
  ...types({ processor: 'AMD' }, [row('c7a.large', 2, 2, 4, 'Up to 12.5 Gigabit', zones('b', 'c'))]),
  ...types({ gpu: a10g, processor: 'AMD' }, [row('g5.xlarge', 4, 2, 16, 'Up to 10 Gigabit', zones('a'))]),
  ...types(graviton, [
    row('c7g.large', 2, 2, 4, 'Up to 12.5 Gigabit', zones('a', 'c')),
    row('c7g.xlarge', 4, 4, 8, 'Up to 12.5 Gigabit', zones('a', 'c')),
    row('m7g.large', 2, 2, 8, 'Up to 12.5 Gigabit', zones('a', 'c'))
  ]),
  ...types({ ...hpc, processor: 'AMD' }, [
    row('hpc6a.48xlarge', 96, 96, 384, '100 Gigabit', zones('b')),
    row('hpc7a.12xlarge', 24, 24, 768, '300 Gigabit', zones('b')),
    row('hpc7a.48xlarge', 96, 96, 768, '300 Gigabit', zones('b'))
  ]),
  ...types({ ...hpc, ...graviton }, [row('hpc7g.4xlarge', 16, 16, 128, '200 Gigabit', zones('a'))])
]

export const catalogueType = (name: string): CatalogueType | undefined =>
  catalogueTypes.find((type) => type.name === name)

const description = (architecture: Architecture) =>
  `Practice image: the system of this computer itself, offered as ${architecture}, login ${practiceUser}`

export const catalogueImages: readonly CatalogueImage[] = [
  {
    id: 'ami-0a1b2c3d4e5f60001',
    name: 'practice-linux-x86_64',
    description: description('x86_64'),
    architecture: 'x86_64',
    createdAt: '2026-10-01T00:00:00.000Z',
    rootDevice: '/dev/xvda',
    snapshotId: 'snap-0a1b2c3d4e5f60001',
    rootGib: 8
  },
  {
    id: 'ami-0a1b2c3d4e5f60002',
    name: 'practice-linux-arm64',
    description: description('arm64'),
    architecture: 'arm64',
    createdAt: '2026-10-01T00:00:00.000Z',
    rootDevice: '/dev/xvda',
    snapshotId: 'snap-0a1b2c3d4e5f60002',
    rootGib: 8
  }
]

/** The architecture of the machines that really boot: this computer's own. */
export const machineArchitecture: Architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64'
