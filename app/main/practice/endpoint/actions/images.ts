import { checkImages, knownImages, type KnownImage } from '../images/image-rules.ts'
import type { Action, Actions } from '../action.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { tagsOf } from '../state.ts'
import { tagSet } from '../tagging.ts'

/** The practice images belong to the account itself: Owner `self` or its number finds them. */
const describeImages: Action = {
  accepts: [
    'ExecutableBy',
    'Filter',
    'ImageId',
    'Owner',
    'IncludeDeprecated',
    'IncludeDisabled',
    'MaxResults',
    'NextToken'
  ],
  run(parameters, { state }) {
    const ids = parameters.list('ImageId')
    checkImages(ids, state)
    const owners = parameters.list('Owner')
    const own = owners.length === 0 || owners.includes('self') || owners.includes(state.accountId)
    const wanted = knownImages(state).filter((image) => own && (ids.length === 0 || ids.includes(image.id)))
    const images = select(
      wanted,
      readFilters(parameters),
      {
        'image-id': (image) => image.id,
        name: (image) => image.name,
        description: (image) => image.description,
        architecture: (image) => image.architecture,
        state: (image) => image.state,
        'source-instance-id': (image) => image.sourceInstanceId,
        'owner-id': () => state.accountId,
        'owner-alias': () => null,
        'is-public': () => 'false',
        'image-type': () => 'machine',
        hypervisor: () => 'xen',
        'root-device-type': () => 'ebs',
        'root-device-name': (image) => image.rootDevice,
        'virtualization-type': () => 'hvm',
        'ena-support': () => 'true',
        'creation-date': (image) => image.createdAt,
        platform: () => null,
        'platform-details': () => 'Linux/UNIX',
        'block-device-mapping.device-name': (image) => image.rootDevice,
        'block-device-mapping.snapshot-id': (image) => image.snapshotId,
        'block-device-mapping.volume-size': (image) => String(image.rootGib)
      },
      (image) => tagsOf(state, image.id)
    )
    return { imagesSet: images.map((image) => describe(image, state.accountId, tagsOf(state, image.id))) }
  }
}

function describe(image: KnownImage, accountId: string, tags: Readonly<Record<string, string>>) {
  return {
    imageId: image.id,
    imageLocation: `${accountId}/${image.name}`,
    imageState: image.state,
    stateReason: image.reason === '' ? null : { code: image.reason.split(':')[0] ?? '', message: image.reason },
    imageOwnerId: accountId,
    creationDate: image.createdAt,
    isPublic: false,
    architecture: image.architecture,
    imageType: 'machine',
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
    name: image.name,
    description: image.description,
    rootDeviceType: 'ebs',
    rootDeviceName: image.rootDevice,
    virtualizationType: 'hvm',
    hypervisor: 'xen',
    enaSupport: true,
    imdsSupport: 'v2.0',
    // Graviton has no BIOS.
    bootMode: image.architecture === 'arm64' ? 'uefi' : null,
    blockDeviceMapping: [
      {
        deviceName: image.rootDevice,
        ebs: {
          snapshotId: image.snapshotId,
          volumeSize: image.rootGib,
          deleteOnTermination: true,
          volumeType: 'gp3',
          encrypted: image.encrypted
        }
      }
    ],
    tagSet: tagSet(tags)
  }
}

export const imageActions: Actions = { DescribeImages: describeImages }
