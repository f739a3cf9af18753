import type { Image } from '@aws-sdk/client-ec2'
import { RmadaError } from '../../core/error.ts'
import { byAge } from './image-records.ts'
import type { Session } from './session.ts'

const ubuntu = (version: string, disk: string) => (processor: string) =>
  `/aws/service/canonical/ubuntu/server/${version}/stable/current/${processor}/hvm/${disk}/ami-id`

/**
 * The public images that Rmada can configure, in the order of the list: the parameter by which their publisher names the
 * newest in each region, and, for where parameters cannot be read, who publishes them under which names.
 */
const families = [
  {
    parameter: ubuntu('24.04', 'ebs-gp3'),
    owner: '099720109477',
    pattern: 'ubuntu/images/hvm-ssd*/ubuntu-noble-24.04-*-server-*',
    is: /ubuntu-noble-24\.04-/
  },
  {
    // Canonical began with gp3 after this version.
    parameter: ubuntu('22.04', 'ebs-gp2'),
    owner: '099720109477',
    pattern: 'ubuntu/images/hvm-ssd*/ubuntu-jammy-22.04-*-server-*',
    is: /ubuntu-jammy-22\.04-/
  },
  {
    parameter: (processor: string) => `/aws/service/debian/release/12/latest/${processor}`,
    owner: '136693071363',
    pattern: 'debian-12-*',
    is: /^debian-12-(?!backports)/
  },
  {
    parameter: (processor: string) =>
      `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${processor === 'amd64' ? 'x86_64' : processor}`,
    owner: '137112412989',
    pattern: 'al2023-ami-2023.*',
    is: /^al2023-ami-2023\./
  }
] as const

/** The ids that the publishers' parameters name in this region; those that it does not have are left out. */
async function idsByParameter(session: Session, endpoint: string | null): Promise<readonly string[]> {
  const Names = families.flatMap(({ parameter }) => ['amd64', 'arm64'].map(parameter))
  return session.share('ssm:GetParameters', async (shared) => {
    const { SSMClient, GetParametersCommand } = await import('@aws-sdk/client-ssm')
    const client = new SSMClient({ ...shared, ...(endpoint ? { endpoint } : {}) })
    const { Parameters } = await client.send(new GetParametersCommand({ Names }))
    // In the order of our list; the answer comes in its own.
    return Names.flatMap((name) => Parameters?.find((parameter) => parameter.Name === name)?.Value ?? [])
  })
}

async function byIds(session: Session, ids: readonly string[]): Promise<Image[]> {
  if (ids.length === 0) return []
  const { Images } = await session.call('DescribeImages', (client, { DescribeImagesCommand }) =>
    client.send(new DescribeImagesCommand({ ImageIds: [...ids] })))
  return ids.flatMap((id) => Images?.find((image) => image.ImageId === id) ?? [])
}

/** The newest of each family and architecture among all that their publishers have. */
async function byOwners(session: Session): Promise<Image[]> {
  const Owners = [...new Set(families.map(({ owner }) => owner))]
  const Filters = [
    { Name: 'state', Values: ['available'] },
    { Name: 'name', Values: families.map(({ pattern }) => pattern) }
  ]
  const images = await session.call('DescribeImages', async (client, { paginateDescribeImages }) => {
    const found: Image[] = []
    for await (const page of paginateDescribeImages({ client }, { Owners, Filters })) found.push(...(page.Images ?? []))
    return found.toSorted(byAge)
  })
  return families.flatMap(({ owner, is }) => ['x86_64', 'arm64'].flatMap((architecture) =>
    images.find((image) => image.OwnerId === owner && image.Architecture === architecture && is.test(image.Name ?? ''))
      ?? []))
}

/**
 * The publishers' present images: by their public parameters, or by owner where those cannot be read (a permission is
 * missing, the service cannot be reached). An endpoint other than AWS has what its parameters say and no publishers.
 */
export async function publishedImages(session: Session, endpoint: string | null, onAws: boolean): Promise<Image[]> {
  try {
    return await byIds(session, await idsByParameter(session, endpoint))
  } catch (error) {
    if (!(error instanceof RmadaError)) throw error
    return onAws ? byOwners(session) : []
  }
}
