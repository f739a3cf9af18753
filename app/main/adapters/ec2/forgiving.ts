import type { Tags } from '../../core/ports/index.ts'
import { ec2Code } from './errors.ts'
import { carries } from './tags.ts'

/** Lets a delete of something that is gone succeed. */
export async function goneIsFine(codes: RegExp, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!codes.test(ec2Code(error))) throw error
  }
}

/**
 * A creation whose answer was lost is tried again by the SDK and then finds the name taken, by itself. What carries
 * exactly our tags is ours; anything else keeps the error.
 */
export async function createOrFind<T extends { readonly name: string; readonly tags: Tags }>(
  name: string,
  tags: Tags,
  taken: RegExp,
  create: () => Promise<T>,
  find: () => Promise<readonly T[]>
): Promise<T> {
  try {
    return await create()
  } catch (error) {
    if (!taken.test(ec2Code(error))) throw error
    const ours = (await find()).find((thing) => thing.name === name && carries(thing.tags, tags))
    if (!ours) throw error
    return ours
  }
}
