import { describe, expect, it } from 'vitest'
import type { InstanceType, MachineImage } from '../../contract/index.ts'
import { whyUnfit } from './image-fit.ts'

const image: MachineImage = {
  id: 'ami-1', name: 'one', description: '', architecture: 'x86_64', user: 'ubuntu', rootDevice: '/dev/sda1',
  createdAt: null, virtualization: 'hvm', ena: true, bootMode: 'uefi-preferred'
}
// Only what the rule looks at.
const type = {
  name: 'c7i.large', architectures: ['x86_64'], virtualizations: ['hvm'], ena: 'required',
  bootModes: ['legacy-bios', 'uefi']
} as unknown as InstanceType

describe('whether an image fits a type', () => {
  it('has nothing to say where all of it fits', () => {
    expect(whyUnfit(image, type)).toBeNull()
  })

  it.each([
    [{ architecture: 'arm64' as const }, {}, 'The image ami-1 is built for arm64, and c7i.large has x86_64.'],
    [{ virtualization: 'paravirtual' }, {}, 'The image ami-1 is of the virtualization paravirtual, and c7i.large takes hvm.'],
    [{ ena: false }, {}, 'The image ami-1 has no driver for the network card of c7i.large (ENA).'],
    [{ bootMode: 'uefi' as const }, { bootModes: ['legacy-bios'] },
      'The image ami-1 boots by uefi, and c7i.large by legacy-bios.'],
    [{ bootMode: 'legacy-bios' as const }, { bootModes: ['uefi'] },
      'The image ami-1 boots by legacy-bios, and c7i.large by uefi.']
  ])('says why not: %j on %j', (differently, typeToo, sentence) => {
    expect(whyUnfit({ ...image, ...differently }, { ...type, ...typeToo })).toBe(sentence)
  })

  it('boots what prefers UEFI on types that have the one way or the other', () => {
    expect(whyUnfit(image, { ...type, bootModes: ['legacy-bios'] })).toBeNull()
    expect(whyUnfit(image, { ...type, bootModes: ['uefi'] })).toBeNull()
  })

  it('takes what the cloud does not say to fit', () => {
    const { virtualization: _v, ena: _e, bootMode: _b, ...told } = image
    expect(whyUnfit(told, type)).toBeNull()
    const { virtualizations: _t, ena: _n, bootModes: _m, ...less } = type
    expect(whyUnfit({ ...image, ena: false, bootMode: 'uefi', virtualization: 'paravirtual' }, less)).toBeNull()
  })
})
