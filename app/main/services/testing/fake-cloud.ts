import type { InstanceState, InstanceType, MachineImage, PermissionCheck, Zone } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { PriceList } from '../../core/prices.ts'
import type {
  CallerIdentity, Cloud, ImageRecord, ImageSnapshotRecord, IngressRule, InstanceRecord, KeyPairRecord, PlacementGroupRecord, RunInstancesRequest, SecurityGroupRecord, SpotPriceRecord,
  SpotRequestRecord, SubnetRecord, Tags, CreateVolumeRequest, VolumeRecord
} from '../../core/ports/index.ts'

/** A host key that is well-formed for ssh and different for each instance. */
export const fakeHostKey = (n: number): string =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${String(n).padStart(43, 'A')}`

const types: readonly InstanceType[] = (['c5.large', 't3.micro', 'c6g.large'] as const).map(name => ({
  name, vcpus: 2, cores: 1, threadsPerCore: 2, memoryGib: 4, network: '', currentGeneration: true, gpus: 0,
  architectures: [name === 'c6g.large' ? 'arm64' : 'x86_64'], clusterPlacement: name !== 't3.micro',
  zones: name === 't3.micro' ? ['r-a'] : ['r-a', 'r-b'], pricePerHour: null, priceSource: null,
  gpuNames: [], efa: false, burstable: name === 't3.micro', priceDate: null, spotPrices: [], spotPricePerHour: null
}))
const images: readonly MachineImage[] = (['x86_64', 'arm64'] as const).map(architecture => ({
  id: `ami-${architecture}`, name: architecture, description: '', architecture, user: 'ec2-user',
    rootDevice: '/dev/xvda',
  createdAt: '2026-01-01T00:00:00Z'
}))

/**
 * EC2 in memory, with what the launch must cope with: pending states, lists that lag, idempotent RunInstances, groups
 * that cannot go while instances are in them. `before` sees every call and may refuse it.
 */
export class FakeCloud implements Cloud {
  readonly region: string
  readonly sshPortByTag = true
  readonly calls: string[] = []
  before: (method: string) => void | Promise<void> = () => {}
  /** How many lists show an instance as pending. */
  pendingLooks = 2
  readonly keyPairsById = new Map<string, KeyPairRecord>()
  readonly groupsById = new Map<string, SecurityGroupRecord>()
  readonly placementByName = new Map<string, PlacementGroupRecord>()
  readonly machines = new Map<string, InstanceRecord>()
  readonly volumesById = new Map<string, VolumeRecord>()
  readonly spotById = new Map<string, SpotRequestRecord>()
  /** What was asked of RunInstances, in order. */
  readonly launches: RunInstancesRequest[] = []
  vcpusAllowed: number | null = 1000
  subnetList: SubnetRecord[] = ['r-a', 'r-b'].map(zone => ({
    id: `subnet-${zone}`, vpcId: 'vpc-1', zone, freeAddresses: 250, defaultForZone: true, givesPublicAddresses: true
  }))
  readonly #looks = new Map<string, number>()
  readonly #tokens = new Map<string, readonly string[]>()
  #made = 0

  constructor(region = 'practice-1') {
    this.region = region
  }

  /** Everything that is there and costs or clutters, ended instances apart. */
  left(): string[] {
    return [
      ...this.keyPairsById.keys(), ...this.groupsById.keys(), ...[...this.placementByName.values()].map(one => one.id),
      ...this.alive().map(one => one.id),
      ...[...this.volumesById.values()].filter(one => 'rmada:network-id' in one.tags).map(one => one.id)
    ]
  }

  alive(): InstanceRecord[] {
    return [...this.machines.values()].filter(one => one.state !== 'terminated')
  }

  setState(id: string, state: InstanceState, reason = ''): void {
    const machine = this.machines.get(id)
    if (machine) this.machines.set(id, { ...machine, state, reason })
  }

  async zones(): Promise<readonly Zone[]> {
    await this.#call('zones')
    return [{ name: 'r-a', state: 'available' }, { name: 'r-b', state: 'available' }]
  }

  async instanceTypes(): Promise<readonly InstanceType[]> { await this.#call('instanceTypes'); return types }
  /** What the price list says; null: it cannot be asked, as where the permission is missing. */
  listed: PriceList | null = null
  spot: readonly SpotPriceRecord[] = []
  async priceList(): Promise<PriceList> {
    await this.#call('priceList')
    if (this.listed === null) throw refused('no price list')
    return this.listed
  }
  async spotPrices(of?: { type: string; since: Date }): Promise<readonly SpotPriceRecord[]> {
    await this.#call('spotPrices')
    return this.spot.filter(one => of === undefined || one.type === of.type)
  }
  async images(): Promise<readonly MachineImage[]> { await this.#call('images'); return images }
  async image(id: string): Promise<MachineImage | null> {
    await this.#call('image')
    return images.find(one => one.id === id) ?? null
  }
  async identity(): Promise<CallerIdentity> {
    await this.#call('identity')
    return { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ana', userId: 'A', clockAheadSeconds: 0 }
  }
  async permissions(): Promise<readonly PermissionCheck[]> {
    await this.#call('permissions')
    return [
      { action: 'ec2:RunInstances', result: 'denied', note: '' },
      { action: 'ec2:DescribeInstances', result: 'allowed', note: '' }
    ]
  }
  async defaultVpc(): Promise<string | null> { await this.#call('defaultVpc'); return 'vpc-1' }

  async spotRequests(tags: Tags): Promise<readonly SpotRequestRecord[]> {
    await this.#call('spotRequests')
    return [...this.spotById.values()].filter(one => carries(one, tags))
  }
  async cancelSpotRequests(ids: readonly string[]): Promise<void> {
    await this.#call('cancelSpotRequests')
    for (const id of ids) {
      const request = this.spotById.get(id)
      if (request) this.spotById.set(id, { ...request, state: 'cancelled' })
    }
  }
  async keyPairNamed(name: string): Promise<KeyPairRecord | null> {
    await this.#call('keyPairNamed')
    return [...this.keyPairsById.values()].find(one => one.name === name) ?? null
  }
  async securityGroup(id: string): Promise<SecurityGroupRecord | null> {
    await this.#call('securityGroup')
    return this.groupsById.get(id) ?? null
  }
  async subnets(): Promise<readonly SubnetRecord[]> { await this.#call('subnets'); return this.subnetList }
  async vcpuLimit(): Promise<number | null> { await this.#call('vcpuLimit'); return this.vcpusAllowed }

  async importKeyPair(request: { name: string; publicKey: string; tags: Tags }): Promise<KeyPairRecord> {
    await this.#call('importKeyPair')
    const made = { id: this.#id('key'), name: request.name, fingerprint: '', tags: request.tags }
    this.keyPairsById.set(made.id, made)
    return made
  }
  async keyPairs(tags: Tags): Promise<readonly KeyPairRecord[]> {
    await this.#call('keyPairs')
    return [...this.keyPairsById.values()].filter(one => carries(one, tags))
  }
  async deleteKeyPair(id: string): Promise<void> { await this.#call('deleteKeyPair'); this.keyPairsById.delete(id) }

  async createSecurityGroup(
    request: { name: string; description: string; vpcId: string; tags: Tags }
  ): Promise<string> {
    await this.#call('createSecurityGroup')
    const id = this.#id('sg')
    this.groupsById.set(id, { id, name: request.name, vpcId: request.vpcId, tags: request.tags, rules: [] })
    return id
  }
  async authorizeIngress(groupId: string, rules: readonly IngressRule[]): Promise<void> {
    await this.#call('authorizeIngress')
    const group = this.groupsById.get(groupId)
    if (group) this.groupsById.set(groupId, { ...group, rules: [...group.rules, ...rules] })
  }
  async revokeIngress(groupId: string, rules: readonly IngressRule[]): Promise<void> {
    await this.#call('revokeIngress')
    const group = this.groupsById.get(groupId)
    if (group) this.groupsById.set(groupId, { ...group, rules: group.rules.filter(one => !rules.includes(one)) })
  }
  async securityGroups(tags: Tags): Promise<readonly SecurityGroupRecord[]> {
    await this.#call('securityGroups')
    return [...this.groupsById.values()].filter(one => carries(one, tags))
  }
  async deleteSecurityGroup(id: string): Promise<void> {
    await this.#call('deleteSecurityGroup')
    if (this.alive().some(one => one.securityGroupIds.includes(id))) throw refused('DependencyViolation')
    this.groupsById.delete(id)
  }

  async createPlacementGroup(request: { name: string; tags: Tags }): Promise<PlacementGroupRecord> {
    await this.#call('createPlacementGroup')
    const made = { id: this.#id('pg'), name: request.name, tags: request.tags }
    this.placementByName.set(made.name, made)
    return made
  }
  async placementGroups(tags: Tags): Promise<readonly PlacementGroupRecord[]> {
    await this.#call('placementGroups')
    return [...this.placementByName.values()].filter(one => carries(one, tags))
  }
  async deletePlacementGroup(name: string): Promise<void> {
    await this.#call('deletePlacementGroup')
    this.placementByName.delete(name)
  }

  async runInstances(request: RunInstancesRequest): Promise<readonly InstanceRecord[]> {
    await this.#call('runInstances')
    const known = this.#tokens.get(request.clientToken)
    if (known) return known.map(id => this.machines.get(id)).filter(one => one !== undefined)
    this.launches.push(request)
    const made = Array.from({ length: request.count }, (): InstanceRecord => {
      const id = this.#id('i')
      const ip = `10.0.0.${this.#made}`
      return {
        id, state: 'pending', reason: '', type: request.type, image: request.image, zone: request.zone ?? 'r-a',
        launchedAt: '2026-01-01T00:00:00Z', publicDns: null, publicIp: `192.0.2.${this.#made}`,
        privateDns: `ip-${ip.replaceAll('.', '-')}.internal`, privateIp: ip, keyName: request.keyName,
        securityGroupIds: request.securityGroupIds, spotRequestId: this.#requestSpot(request, id), tags: { ...request.tags, 'rmada:ssh-port': '2022' }
      }
    })
    for (const one of made) this.machines.set(one.id, one)
    this.#tokens.set(request.clientToken, made.map(one => one.id))
    return made
  }

  async instances(tags: Tags): Promise<readonly InstanceRecord[]> {
    await this.#call('instances')
    for (const one of this.machines.values()) {
      const looks = (this.#looks.get(one.id) ?? 0) + 1
      this.#looks.set(one.id, looks)
      if (one.state === 'pending' && looks > this.pendingLooks) this.setState(one.id, 'running')
      if (one.state === 'shutting-down') this.setState(one.id, 'terminated')
      if (one.state === 'stopping') this.setState(one.id, 'stopped')
    }
    return [...this.machines.values()].filter(one => carries(one, tags))
  }

  async consoleOutput(id: string): Promise<string> {
    await this.#call('consoleOutput')
    const n = Number(id.replace(/\D/g, ''))
    return `boot\n-----BEGIN SSH HOST KEY KEYS-----\n${fakeHostKey(n)}\n-----END SSH HOST KEY KEYS-----\n`
  }
  async rebootInstances(ids: readonly string[]): Promise<void> { await this.#call(`rebootInstances ${ids.length}`) }
  async stopInstances(ids: readonly string[]): Promise<void> {
    await this.#call(`stopInstances ${ids.length}`)
    for (const id of ids) this.setState(id, 'stopping')
  }
  /** Disk and private address stay; the public address is another. */
  async startInstances(ids: readonly string[]): Promise<void> {
    await this.#call(`startInstances ${ids.length}`)
    for (const id of ids) {
      const machine = this.machines.get(id)
      this.#looks.set(id, 0)
      if (machine) this.machines.set(id, { ...machine, state: 'pending', publicIp: `198.51.100.${this.#id('a').slice(2)}` })
    }
  }
  async terminateInstances(ids: readonly string[]): Promise<void> {
    await this.#call('terminateInstances')
    for (const id of ids) if (this.machines.get(id)?.state !== 'terminated') this.setState(id, 'shutting-down')
  }
  async tag(ids: readonly string[], tags: Tags): Promise<void> {
    await this.#call('tag')
    for (const id of ids) {
      const machine = this.machines.get(id)
      if (machine) this.machines.set(id, { ...machine, tags: { ...machine.tags, ...tags } })
      this.#changeVolume(id, { tags: { ...this.volumesById.get(id)?.tags, ...tags } })
    }
  }

  async volumes(tags: Tags): Promise<readonly VolumeRecord[]> {
    await this.#call('volumes')
    return [...this.volumesById.values()].map(one => this.#freed(one)).filter(one => carries(one, tags))
  }
  async volume(id: string): Promise<VolumeRecord | null> {
    await this.#call('volume')
    const volume = this.volumesById.get(id)
    return volume ? this.#freed(volume) : null
  }
  async createVolume(request: CreateVolumeRequest): Promise<VolumeRecord> {
    await this.#call('createVolume')
    const [known] = this.#tokens.get(request.clientToken) ?? []
    const earlier = known === undefined ? undefined : this.volumesById.get(known)
    if (earlier) return earlier
    const made: VolumeRecord = {
      id: this.#id('vol'), state: 'available', zone: request.zone, sizeGib: request.sizeGib, type: request.type,
      encrypted: true, createdAt: '2026-01-01T00:00:00Z', attachment: null, tags: request.tags
    }
    this.volumesById.set(made.id, made)
    this.#tokens.set(request.clientToken, [made.id])
    return made
  }
  async attachVolume(id: string, instanceId: string, device: string): Promise<void> {
    await this.#call('attachVolume')
    this.#changeVolume(id, { state: 'in-use', attachment: { instanceId, device, state: 'attached' } })
  }
  async detachVolume(id: string): Promise<void> {
    await this.#call('detachVolume')
    this.#changeVolume(id, { state: 'available', attachment: null })
  }
  async deleteVolume(id: string): Promise<void> {
    await this.#call('deleteVolume')
    const volume = this.volumesById.get(id)
    if (volume && this.#freed(volume).attachment) throw refused('VolumeInUse')
    this.volumesById.delete(id)
  }
  async createSnapshot(): Promise<string> { await this.#call('createSnapshot'); return this.#id('snap') }
  async untag(ids: readonly string[], names: readonly string[]): Promise<void> {
    await this.#call('untag')
    for (const id of ids) {
      const tags = this.volumesById.get(id)?.tags ?? {}
      this.#changeVolume(id, { tags: Object.fromEntries(Object.entries(tags).filter(([name]) => !names.includes(name))) })
    }
  }

  /** An instance that has ended holds no volume any more. */
  #freed(volume: VolumeRecord): VolumeRecord {
    const holder = this.machines.get(volume.attachment?.instanceId ?? '')
    return holder?.state === 'terminated' ? { ...volume, state: 'available', attachment: null } : volume
  }

  #changeVolume(id: string, change: Partial<VolumeRecord>): void {
    const volume = this.volumesById.get(id)
    if (volume) this.volumesById.set(id, { ...volume, ...change })
  }

  #requestSpot(request: RunInstancesRequest, instanceId: string): string | null {
    if (!request.spot) return null
    const id = this.#id('sir')
    this.spotById.set(id, { id, state: 'active', instanceId, tags: request.tags })
    return id
  }

  /** How many looks an image is pending for. */
  pendingImageLooks = 2
  readonly ownImagesById = new Map<string, ImageRecord>()
  readonly imageSnapshotsById = new Map<string, ImageSnapshotRecord>()

  async ownImages(): Promise<readonly ImageRecord[]> {
    await this.#call('ownImages')
    for (const [id, one] of this.ownImagesById) {
      const looks = (this.#looks.get(id) ?? 0) + 1
      this.#looks.set(id, looks)
      if (one.state === 'pending' && looks > this.pendingImageLooks) {
        this.ownImagesById.set(id, { ...one, state: 'available' })
      }
    }
    return [...this.ownImagesById.values()]
  }
  async createImage(
    request: { instanceId: string; name: string; description: string; tags: Tags }
  ): Promise<string> {
    await this.#call('createImage')
    const [id, snapshot] = [this.#id('ami'), this.#id('snap')]
    this.imageSnapshotsById.set(snapshot, { id: snapshot, progress: 0.5, tags: request.tags })
    this.ownImagesById.set(id, {
      image: {
        id, name: request.name, description: request.description, architecture: 'x86_64', user: 'ec2-user',
        rootDevice: '/dev/xvda', createdAt: '2026-01-02T00:00:00Z', own: true
      },
      state: 'pending', reason: '', tags: request.tags, snapshots: [{ id: snapshot, sizeGib: 8 }]
    })
    return id
  }
  async deregisterImage(id: string): Promise<void> {
    await this.#call('deregisterImage')
    this.ownImagesById.delete(id)
  }
  async imageSnapshots(tags: Tags): Promise<readonly ImageSnapshotRecord[]> {
    await this.#call('imageSnapshots')
    return [...this.imageSnapshotsById.values()].filter(one => carries(one, tags))
  }
  async deleteImageSnapshot(id: string): Promise<boolean> {
    await this.#call('deleteImageSnapshot')
    const used = [...this.ownImagesById.values()].some(one => one.snapshots.some(snapshot => snapshot.id === id))
    return !used && (this.imageSnapshotsById.delete(id) || true)
  }

  #id(prefix: string): string {
    this.#made += 1
    return `${prefix}-${this.#made}`
  }

  async #call(method: string): Promise<void> {
    this.calls.push(method)
    await this.before(method.split(' ')[0] ?? method)
  }
}

function carries(thing: { readonly tags: Tags }, tags: Tags): boolean {
  return Object.entries(tags).every(([name, value]) => value === '*' ? name in thing.tags : thing.tags[name] === value)
}

/** A refusal of the cloud, as its adapter raises it. */
export function refused(
  why: string, code: 'CLOUD_ERROR' | 'CLOUD_CAPACITY' | 'ENDPOINT_UNREACHABLE' = 'CLOUD_ERROR'
): RmadaError {
  return new RmadaError(code, `The cloud refused: ${why}`, { suggestion: 'Try again.' })
}
