import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findLeftovers } from '../../app/main/practice/leftovers.ts'
import { chooseBackend, createMachines } from '../../app/main/practice/machines/create.ts'
import type { MachineAddress, Machines } from '../../app/main/practice/machines/machines.ts'

const volumeId = 'vol-0123456789abcdef0'
const byId = '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0'

describe.runIf(chooseBackend('namespaces').available)('volumes of machines in namespaces', () => {
  const ids = ['i-1', 'i-2']
  let folder: string
  let keyFile: string
  let machines: Machines
  let addresses: MachineAddress[]

  const on = (index: number, command: string): Promise<string> => new Promise((resolve, reject) => {
    execFile('ssh', [
      '-F', '/dev/null', '-i', keyFile, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'LogLevel=ERROR',
      '-o', `UserKnownHostsFile=${join(folder, 'known')}`, `ec2-user@${addresses[index]?.publicIp}`, command
    ], { timeout: 50_000 }, (error, out) => error ? reject(error) : resolve(out))
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rmada-volumes-'))
    keyFile = join(folder, 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile])
    const key = await readFile(`${keyFile}.pub`, 'utf8')
    machines = createMachines('namespaces', { stateDirectory: join(folder, 'practice'), log: () => undefined })
    addresses = await Promise.all(ids.map((id) => machines.reserve(id)))
    await Promise.all(ids.map((instanceId) =>
      machines.create({ instanceId, user: 'ec2-user', authorizedKeys: [key], userData: null, vcpus: 1 })))
  }, 60_000)
  afterAll(async () => {
    await machines.close({ powerOff: true })
    await Promise.all(ids.map((id) => machines.destroy(id)))
    await rm(folder, { recursive: true, force: true })
  })

  it('appears by Nitro names, takes a file system, survives reboot, moves on and leaves nothing', async () => {
    await machines.volumes.create({ volumeId, sizeGib: 1, snapshotId: null })
    await machines.volumes.attach(volumeId, 'i-1', '/dev/sdf')
    await machines.volumes.attach(volumeId, 'i-1', '/dev/sdf')
    expect(await on(0, `readlink -f ${byId} /dev/sdf; sudo blockdev --getsize64 /dev/nvme1n1`))
      .toBe(`/dev/nvme1n1\n/dev/nvme1n1\n${2 ** 30}\n`)
    await on(0, `sudo mkfs.ext4 -q ${byId} && sudo mkdir /data && sudo mount ${byId} /data && ` +
      `echo kept | sudo tee /data/file && echo '${byId} /data ext4 defaults,nofail 0 2' | sudo tee -a /etc/fstab`)
    expect(await machines.volumes.detach(volumeId, 'i-1', false)).toBe(false)

    await machines.reboot('i-1')
    expect(await on(0, 'cat /data/file; findmnt -n -o FSTYPE /data')).toBe('kept\next4\n')
    await machines.volumes.snapshot(volumeId, 'snap-0123456789abcdef0')

    expect(await machines.volumes.detach(volumeId, 'i-1', true)).toBe(true)
    expect(await on(0, `ls ${byId} 2>/dev/null || echo gone`)).toBe('gone\n')
    await machines.volumes.attach(volumeId, 'i-2', '/dev/sdf')
    await on(1, `sudo mkdir /data && sudo mount ${byId} /data`)
    expect(await on(1, 'cat /data/file')).toBe('kept\n')

    // The machine ends with the volume mounted: what is on it stays.
    await machines.destroy('i-2')
    await machines.volumes.detach(volumeId, 'i-2', true)
    const copy = 'vol-0123456789abcdef1'
    await machines.volumes.create({ volumeId: copy, sizeGib: 1, snapshotId: 'snap-0123456789abcdef0' })
    for (const id of [volumeId, copy]) {
      await machines.volumes.attach(id, 'i-1', '/dev/sdg')
      const device = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace('-', '')}`
      expect(await on(0, `sudo mount ${device} /mnt && cat /mnt/file; sudo umount /mnt`)).toBe('kept\n')
      expect(await machines.volumes.detach(id, 'i-1', false)).toBe(true)
    }
    expect((await findLeftovers(join(folder, 'practice'))).filter((one) => one.startsWith('loop'))).toEqual([])
    await machines.volumes.remove(volumeId)
    await machines.volumes.remove(copy)
    await machines.volumes.removeSnapshot('snap-0123456789abcdef0')
    await expect(readFile(join(folder, 'practice/volumes', volumeId))).rejects.toThrow('ENOENT')
  }, 60_000)

  it('frees the loop device of a machine that is switched off, and finds it again', async () => {
    const other = 'vol-0123456789abcdef2'
    await machines.volumes.create({ volumeId: other, sizeGib: 1, snapshotId: null })
    await machines.volumes.attach(other, 'i-1', '/dev/sdf')
    expect((await findLeftovers(join(folder, 'practice'))).filter((one) => one.startsWith('loop'))).toHaveLength(1)
    await machines.stop('i-1')
    expect((await findLeftovers(join(folder, 'practice'))).filter((one) => one.startsWith('loop'))).toEqual([])
    addresses[0] = await machines.start('i-1')
    await writeFile(join(folder, 'known'), '')
    expect(await on(0, 'readlink -f /dev/sdf')).toBe('/dev/nvme1n1\n')
    expect(await machines.volumes.detach(other, 'i-1', false)).toBe(true)
    await machines.volumes.remove(other)
  }, 60_000)
})
