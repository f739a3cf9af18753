import type { Image } from '@aws-sdk/client-ec2'
import type { MachineImage } from '../../../contract/index.ts'
import { ec2Code } from './errors.ts'
import { byAge, usable } from './image-records.ts'
import { publishedImages } from './published-images.ts'
import type { Session } from './session.ts'

/** Images that can be launched: of these owners, or all that an endpoint other than AWS lists. */
async function available(session: Session, owners?: string[]): Promise<Image[]> {
  return session.call('DescribeImages', async (client, { paginateDescribeImages }) => {
    const images: Image[] = []
    const query = { Filters: [{ Name: 'state', Values: ['available'] }], ...(owners ? { Owners: owners } : {}) }
    for await (const page of paginateDescribeImages({ client }, query)) images.push(...(page.Images ?? []))
    return images.toSorted(byAge)
  })
}

/**
 * The newest of each public family that Rmada can configure, then the account's own. `ssm` is the endpoint of the
 * parameters where it is not AWS's own.
 */
export async function listImages(
  session: Session, ssm: string | null, onAws: boolean
): Promise<readonly MachineImage[]> {
  const [published, others] = await Promise.all([
    publishedImages(session, ssm, onAws), available(session, onAws ? ['self'] : undefined)
  ])
  const own = others.filter((image) => !published.some(({ ImageId }) => ImageId === image.ImageId))
  return [...usable(published), ...usable(own).map((image) => ({ ...image, own: true }))]
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
