import { describe, expect, it } from 'vitest'
import type { InstanceType } from '../../contract/index.ts'
import type { VolumeRecord } from './ports/index.ts'
import { newVolumeFault, planVolume } from './volume-rules.ts'
import { freeDevice, goesWithNetwork, isRoot } from './volume-tags.ts'

const volume: VolumeRecord = {
  id: 'vol-1', state: 'available', zone: 'r-1a', sizeGib: 5, type: 'gp3', encrypted: true,
  createdAt: '2026-01-01T00:00:00Z', attachment: null, tags: {}
}
const attached = { ...volume, state: 'in-use' as const, attachment: { instanceId: 'i-1', device: '/dev/sdf', state: 'attached' as const } }
// Only what the rule looks at.
const type = { name: 'c5.large', zones: ['r-1a', 'r-1b'] } as unknown as InstanceType
const codes = (...given: Parameters<typeof planVolume>) =>
  planVolume(...given).findings.filter(one => one.level === 'error').map(one => one.code)
const spec = { volume: { id: 'vol-1' } }

describe('the volume of a network', () => {
  it('forces its zone', () => {
    expect(planVolume(spec, type, 2, { volume, sharedBy: 'nfs' })).toMatchObject({ zone: 'r-1a', volume: { id: 'vol-1' } })
    expect(codes({ ...spec, zone: 'r-1b' }, type, 2, { volume, sharedBy: 'nfs' })).toEqual(['VOLUME_ZONE'])
    expect(codes({ ...spec, zone: 'r-1a' }, type, 2, { volume, sharedBy: 'nfs' })).toEqual([])
  })

  it('must be there, free, and where the type is offered', () => {
    expect(codes(spec, type, 2, { volume: null, sharedBy: 'nfs' })).toEqual(['VOLUME_UNKNOWN'])
    expect(codes(spec, type, 2, { volume: attached, sharedBy: 'nfs' })).toEqual(['VOLUME_IN_USE'])
    expect(codes(spec, { ...type, zones: ['r-1b'] }, 2, { volume, sharedBy: 'nfs' })).toEqual(['ZONE_UNOFFERED'])
  })

  it('says how it is shared, and nothing of sharing where there is nobody to share with', () => {
    const note = (instances: number, sharedBy: 'nfs' | 'sshfs' | 'folder') =>
      planVolume(spec, type, instances, { volume, sharedBy }).findings.at(-1)?.message ?? ''
    expect([note(2, 'nfs'), note(2, 'sshfs'), note(2, 'folder')]).toEqual([
      expect.stringContaining('NFS'), expect.stringContaining('sshfs'), expect.stringContaining('is not formatted')])
    expect(note(1, 'nfs')).not.toContain('shared with')
  })

  it('that is new has the size and kind that it can have', () => {
    expect(newVolumeFault(20, 'gp3')).toBeNull()
    expect(newVolumeFault(1.5, 'gp3')).toContain('from 1 to 65536, not 1.5')
    expect(newVolumeFault(100, 'st1')).toContain('from 125')
    expect(newVolumeFault(20, '__proto__')).toContain('no kind of volume')
    expect(codes({ volume: { new: { sizeGib: 0 } } }, type, 2, undefined)).toEqual(['VOLUME_INVALID'])
  })
})

it('a volume that may hold data is kept unless its deletion was chosen', () => {
  expect(goesWithNetwork({ 'rmada:volume-used': 'true' })).toBe(false)
  expect(goesWithNetwork({ 'rmada:volume-used': 'true', 'rmada:delete-with-network': 'false' })).toBe(false)
  expect(goesWithNetwork({ 'rmada:volume-used': 'true', 'rmada:delete-with-network': 'true' })).toBe(true)
  expect(goesWithNetwork({ 'rmada:delete-with-network': 'false' })).toBe(true)
})

it('root volumes are known by their device, and free device names are found', () => {
  expect([isRoot(volume), isRoot(attached)]).toEqual([false, false])
  expect(isRoot({ attachment: { instanceId: 'i-1', device: '/dev/sda1', state: 'attached' } })).toBe(true)
  expect(freeDevice(['/dev/xvda', '/dev/sdf'])).toBe('/dev/sdg')
})
