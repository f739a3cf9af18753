import type { Image } from '@aws-sdk/client-ec2'
import type { MachineImage } from '../../../contract/index.ts'
import { fromTags } from './tags.ts'
import { ec2Code } from './errors.ts'
import type { Session } from './session.ts'

/** The public images that Rmada can configure: who publishes them, and what their names look like. */
const families = [
  {
    owner: '099720109477',
    pattern: 'ubuntu/images/hvm-ssd*/ubuntu-noble-24.04-*-server-*',
    is: /ubuntu-noble-24\.04-/
  },
  {
    owner: '099720109477',
    pattern: 'ubuntu/images/hvm-ssd*/ubuntu-jammy-22.04-*-server-*',
    is: /ubuntu-jammy-22\.04-/
  },
  { owner: '136693071363', pattern: 'debian-12-*', is: /^debian-12-(?!backports)/ },
  { owner: '137112412989', pattern: 'al2023-ami-2023.*', is: /^al2023-ami-2023\./ }
] as const

/** Login names of the publishers' images, by what name or description say. */
const users: readonly (readonly [RegExp, string])[] = [
  [/ubuntu/i, 'ubuntu'],
  [/debian/i, 'admin'],
  [/rocky/i, 'rocky'],
  [/fedora/i, 'fedora']
]

/** The login name: what the image's tag `rmada:user` says, else its publisher's, else Amazon's. */
function loginOf(image: Image): string {
  const tagged = fromTags(image.Tags)['rmada:user']
  if (tagged) return tagged
  const text = `${image.Name ?? ''} ${image.Description ?? ''}`
  return users.find(([pattern]) => pattern.test(text))?.[1] ?? 'ec2-user'
}

function toMachineImage(image: Image): MachineImage | null {
  const architecture = image.Architecture
  if (!image.ImageId || (architecture !== 'x86_64' && architecture !== 'arm64')) return null
  return {
    id: image.ImageId,
    name: image.Name ?? image.ImageId,
    description: image.Description ?? '',
    architecture,
    user: loginOf(image),
    rootDevice: image.RootDeviceName ?? null,
    createdAt: image.CreationDate ?? null
  }
}

const byAge = (a: Image, b: Image) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? '')

/** The newest image of each family and architecture. */
function newest(images: readonly Image[]): Image[] {
  const sorted = images.toSorted(byAge)
  const found = families.flatMap(({ owner, is }) =>
    ['x86_64', 'arm64'].map((architecture) =>
      sorted.find(
        (image) => image.OwnerId === owner && image.Architecture === architecture && is.test(image.Name ?? '')
      )
    )
  )
  return found.filter((image) => image !== undefined)
}

async function describe(session: Session, input: { Owners?: string[]; names?: string[] }): Promise<Image[]> {
  return await session.call('DescribeImages', async (client, { paginateDescribeImages }) => {
    const images: Image[] = []
    const Filters = [
      { Name: 'state', Values: ['available'] },
      ...(input.names ? [{ Name: 'name', Values: input.names }] : [])
    ]
    const query = { Filters, ...(input.Owners ? { Owners: input.Owners } : {}) }
    for await (const page of paginateDescribeImages({ client }, query)) images.push(...(page.Images ?? []))
    return images
  })
}

const usable = (images: readonly Image[]) => images.map(toMachineImage).filter((image) => image !== null)

/**
 * On AWS the newest of each public family that Rmada can configure, then the account's own. An endpoint of another kind
 * knows none of those publishers: there all that it lists.
 */
export async function listImages(session: Session, onAws: boolean): Promise<readonly MachineImage[]> {
  if (!onAws) return usable((await describe(session, {})).toSorted(byAge))
  const [published, own] = await Promise.all([
    describe(session, {
      Owners: [...new Set(families.map((family) => family.owner))],
      names: families.map((family) => family.pattern)
    }),
    describe(session, { Owners: ['self'] })
  ])
  return usable([...newest(published), ...own.toSorted(byAge)])
}

/** One image by its id, whoever published it; null when there is none that Rmada can start. */
export async function findImage(session: Session, id: string): Promise<MachineImage | null> {
  try {
    const { Images } = await session.call('DescribeImages', (client, { DescribeImagesCommand }) =>
      client.send(new DescribeImagesCommand({ ImageIds: [id] }))
    )
    return usable(Images ?? [])[0] ?? null
  } catch (error) {
    if (ec2Code(error).startsWith('InvalidAMIID.')) return null
    throw error
  }
}
