import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

interface Volume {
  readonly id: string
  readonly zone: string
  readonly state: string
  readonly sizeGib: number
  readonly root: boolean
  readonly ours: boolean
  readonly attachedTo: { readonly network: string | null } | null
  readonly mountedAt: string | null
  readonly pricePerMonth: number | null
  readonly priceSource: string | null
}
interface Failure { readonly error: { readonly code: string; readonly message: string; readonly stillRented?: unknown[] } }
interface Mounted { readonly path: string; readonly formatted: boolean; readonly sharedBy: string | null }

/** The life of a volume with real networks: made with one, kept, and used in the next. Each test goes on from the last. */
export function volumesSuite(backend: 'namespaces' | 'processes'): void {
  const real = backend === 'namespaces'
  const path = real ? '/shared' : '$HOME/shared'

  describe(`a volume on ${backend}`, () => {
    let rmada: Rmada
    let volume: Volume
    beforeAll(() => { rmada = createRmada(backend) })
    afterAll(() => rmada.close())

    const ok = async <T>(...args: string[]): Promise<T> => {
      const { code, value } = await rmada.json(args)
      expect({ code, value: code === 0 ? '' : value }).toEqual({ code: 0, value: '' })
      return value as T
    }
    const refused = async (...args: string[]): Promise<Failure['error']> => ((await rmada.json(args)).value as Failure).error
    const own = async () => (await ok<Volume[]>('volumes')).filter((one) => !one.root)
    const onNode = async (network: string, command: string, node?: string) =>
      (await ok<{ stdout: string; stderr: string }>('exec', network, ...(node ? ['--instance', node] : []), command))
    const slaveOf = async (network: string) =>
      (await ok<{ instances: { id: string; role: string }[] }>('status', network)).instances.find((one) => one.role === 'slave')?.id ?? ''

    it('is planned, with its price and how it is shared', async () => {
      const plan = await ok<{ findings: { code: string; message: string }[]; creates: { name: string }[]; estimate: { item: string }[] }>(
        'plan', '--name', 'first', '--volume-gib', '1')
      expect(plan.findings.find((one) => one.code === 'VOLUME_SHARED')?.message).toContain(real ? 'sshfs' : 'folder')
      expect(plan.creates.map((one) => one.name)).toContain('1 GiB at /shared, kept when the network ends')
      expect(plan.estimate.map((one) => one.item)).toContain('GiB of the new volume at /shared, gp3')
      expect(await refused('launch', '--name', 'first', '--volume', 'vol-00000000000000000')).toMatchObject({ code: 'VOLUME_UNKNOWN' })
      expect(await refused('launch', '--name', 'first', '--volume-gib', '0')).toMatchObject({ code: 'VOLUME_INVALID' })
    })

    it('is made with a network, formatted once, and seen by all nodes', async () => {
      await ok('launch', '--name', 'first', '--instances', '2', '--type', 'c7i.large', '--volume-gib', '1', '--wait')
      const [made] = await own()
      if (!made) throw new Error('No volume was made')
      volume = made
      expect(volume).toMatchObject({ state: 'in-use', sizeGib: 1, ours: true, attachedTo: { network: 'first' }, pricePerMonth: 0.08 })
      expect(volume.priceSource).toMatch(/\d{4}-\d\d-\d\d/)
      expect(volume.mountedAt).toMatch(real ? /^\/shared$/ : /\/shared$/)
      await onNode('first', `echo precious >${path}/data`)
      expect((await onNode('first', `cat ${path}/data; echo and more >${path}/other`, await slaveOf('first'))).stdout).toBe('precious\n')
      expect((await onNode('first', `cat ${path}/other`)).stdout).toBe('and more\n')
      const kind = await onNode('first', real ? 'findmnt -n -o FSTYPE /shared' : 'readlink -f ~/shared | grep -o volumes')
      expect(kind.stdout).toBe(real ? 'ext4\n' : 'volumes\n')
      expect(await refused('volumes', 'delete', volume.id, '--confirm', volume.id)).toMatchObject({ code: 'VOLUME_IN_USE' })
    }, 120_000)

    it('is mounted again after a reboot', async () => {
      await ok('reboot', 'first', '--wait')
      expect((await onNode('first', `cat ${path}/data`)).stdout).toBe('precious\n')
      expect((await onNode('first', `cat ${path}/data`, await slaveOf('first'))).stdout).toBe('precious\n')
    }, 120_000)

    it('outlives its network, and the manager', async () => {
      await ok('terminate', 'first', '--yes', '--wait')
      await ok('manager', 'stop')
      expect(await own()).toMatchObject([{ id: volume.id, state: 'available', attachedTo: null, mountedAt: null }])
    }, 60_000)

    it('forces the zone of the next network, which finds its data and does not format it', async () => {
      const elsewhere = ['practice-1a', 'practice-1b'].find((zone) => zone !== volume.zone) ?? ''
      expect(await refused('launch', '--name', 'second', '--volume', volume.id, '--zone', elsewhere)).toMatchObject({ code: 'VOLUME_ZONE' })
      await ok('launch', '--name', 'second', '--instances', '1', '--type', 'c7i.large', '--volume', volume.id, '--wait')
      expect((await onNode('second', `cat ${path}/data ${path}/other`)).stdout).toBe('precious\nand more\n')
      expect(await refused('launch', '--name', 'third', '--volume', volume.id)).toMatchObject({ code: 'VOLUME_IN_USE' })
    }, 120_000)

    it('is unmounted, detached, attached and mounted by hand', async () => {
      expect(await ok('volumes', 'unmount', volume.id)).toMatchObject({ state: 'in-use', mountedAt: null })
      const mounted = await ok<Mounted>('volumes', 'mount', volume.id, '--path', '/volume')
      expect(mounted).toMatchObject({ formatted: false, sharedBy: null })
      expect((await onNode('second', `cat ${mounted.path}/data`)).stdout).toBe('precious\n')
      expect(await ok('volumes', 'detach', volume.id)).toMatchObject({ state: 'available', attachedTo: null })
      expect(await ok('volumes', 'attach', volume.id, 'second')).toMatchObject({ attachedTo: { network: 'second' } })
      expect(await ok<Mounted>('volumes', 'mount', volume.id)).toMatchObject({ formatted: false })
      expect((await onNode('second', `cat ${path}/data`)).stdout).toBe('precious\n')
    }, 120_000)

    it.runIf(real)('is not torn away from who works there', async () => {
      await onNode('second', 'cd /shared && { sleep 60 >/dev/null 2>&1 </dev/null & echo $! >/tmp/pid; }')
      expect(await refused('volumes', 'detach', volume.id)).toMatchObject({ code: 'MOUNT_FAILED' })
      await onNode('second', 'kill $(cat /tmp/pid)')
    }, 60_000)

    it.runIf(real)('that holds data but no file system is never formatted', async () => {
      await ok('volumes', 'detach', volume.id)
      const raw = await ok<Volume>('volumes', 'create', '--zone', volume.zone, '--gib', '1', '--name', 'raw')
      await ok('volumes', 'attach', raw.id, 'second')
      const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${raw.id.replace('-', '')}`
      await onNode('second', `echo 'rows of a table' | sudo dd of=${device} bs=1M seek=3 conv=notrunc status=none && sync`)
      const error = await refused('volumes', 'mount', raw.id)
      expect(error).toMatchObject({ code: 'MOUNT_FAILED' })
      expect(error.message).toMatch(/^On ip-\S+ \(i-\w+\): the volume vol-\w+ holds data but no file system/)
      expect((await onNode('second', `sudo dd if=${device} bs=1M skip=3 count=1 status=none | head -c 15`)).stdout).toBe('rows of a table')
      await onNode('second', `sudo dd if=/dev/zero of=${device} bs=1M seek=3 count=1 conv=notrunc status=none && sync`)
      expect(await ok<Mounted>('volumes', 'mount', raw.id)).toMatchObject({ formatted: true })
      await ok('volumes', 'detach', raw.id)
      await ok('volumes', 'delete', raw.id, '--confirm', raw.id)
    }, 60_000)

    it('gives snapshots, and is deleted only when its id is given twice', async () => {
      await ok('volumes', 'detach', volume.id)
      const { id } = await ok<{ id: string }>('volumes', 'snapshot', volume.id)
      expect(await refused('volumes', 'delete', volume.id, '--confirm', 'yes')).toMatchObject({ code: 'VOLUME_PROTECTED' })
      await ok('volumes', 'delete', volume.id, '--confirm', volume.id)
      const copy = await ok<Volume>('volumes', 'create', '--zone', volume.zone, '--gib', '1', '--snapshot', id)
      await ok('volumes', 'attach', copy.id, 'second')
      expect(await ok<Mounted>('volumes', 'mount', copy.id)).toMatchObject({ formatted: false })
      expect((await onNode('second', `cat ${path}/data`)).stdout).toBe('precious\n')
      await ok('terminate', 'second', '--yes', '--wait')
      await ok('volumes', 'delete', copy.id, '--confirm', copy.id)
      expect(await own()).toEqual([])
    }, 120_000)

    it('goes with its network when that was chosen', async () => {
      await ok('launch', '--name', 'third', '--instances', '1', '--type', 'c7i.large', '--volume-gib', '1', '--delete-volume', '--wait')
      expect(await own()).toHaveLength(1)
      await ok('terminate', 'third', '--yes', '--wait')
      expect(await own()).toEqual([])
    }, 120_000)
  })
}
