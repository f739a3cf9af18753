import type { Image } from '@aws-sdk/client-ec2'
import type { MachineImage } from '../../../contract/index.ts'
import { contentsOf, userTag } from '../../core/image-tags.ts'
import { fromTags } from './tags.ts'

/** Login names of the publishers' images, by what name or description say. */
const users: readonly (readonly [RegExp, string])[] = [
  [/ubuntu/i, 'ubuntu'],
  [/debian/i, 'admin'],
  [/rocky/i, 'rocky'],
  [/fedora/i, 'fedora']
]

/** The login name: what the image's tag `rmada:user` says, else its publisher's, else Amazon's. */
function loginOf(image: Image): string {
  const tagged = fromTags(image.Tags)[userTag]
  if (tagged) return tagged
  const text = `${image.Name ?? ''} ${image.Description ?? ''}`
  return users.find(([pattern]) => pattern.test(text))?.[1] ?? 'ec2-user'
}

const bootModes = ['legacy-bios', 'uefi', 'uefi-preferred'] as const

/** An image that Rmada could start, as the catalogue shows it. */
export function toMachineImage(image: Image): MachineImage | null {
  const architecture = image.Architecture
  if (!image.ImageId || (architecture !== 'x86_64' && architecture !== 'arm64')) return null
  const tags = fromTags(image.Tags)
  const root = image.BlockDeviceMappings?.find((mapping) => mapping.DeviceName === image.RootDeviceName)?.Ebs
  const bootMode = bootModes.find((mode) => mode === image.BootMode)
  return {
    id: image.ImageId,
    name: image.Name ?? image.ImageId,
    description: image.Description ?? '',
    architecture,
    user: loginOf(image),
    rootDevice: image.RootDeviceName ?? null,
    createdAt: image.CreationDate ?? null,
    ...(root?.VolumeSize === undefined ? {} : { rootGib: root.VolumeSize }),
    ...(image.VirtualizationType === undefined ? {} : { virtualization: image.VirtualizationType }),
    // EC2 leaves it out where it is not set, and then the image has no driver for it.
    ena: image.EnaSupport ?? false,
    ...(bootMode === undefined ? {} : { bootMode }),
    carries: contentsOf(tags)
  }
}

/** Those of a list that Rmada could start. */
export const usable = (images: readonly Image[]): MachineImage[] =>
  images.map(toMachineImage).filter((image) => image !== null)

/** Newest first. */
export const byAge = (a: Image, b: Image): number => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? '')
