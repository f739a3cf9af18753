import type { ImageContents } from '../../contract/index.ts'
import type { Tags } from './ports/cloud.ts'
import { networkIdTag, networkTag } from './resource-names.ts'

/** Marks an image, and its snapshots, as made by Rmada; its value is the token of the save. Nothing else is removed. */
export const imageTag = 'rmada:image'

/** The login name of an image: what is launched from one keeps the user of the machine that it was made of. */
export const userTag = 'rmada:user'

const contentTags = {
  r: 'rmada:carries-r',
  openMpi: 'rmada:carries-open-mpi',
  rstudio: 'rmada:carries-rstudio',
  evaluator: 'rmada:carries-evaluator',
  madeAt: 'rmada:made-at',
  madeFrom: 'rmada:made-from'
} as const satisfies Record<keyof ImageContents, string>

// Object.entries forgets the names of the keys.
const parts = Object.entries(contentTags) as [keyof ImageContents, string][]

/** What an image carries, as its tags say; null for one that Rmada did not make. */
export function contentsOf(tags: Tags): ImageContents | null {
  if (tags[imageTag] === undefined) return null
  const contents: Record<keyof ImageContents, string | null> =
    { r: null, openMpi: null, rstudio: null, evaluator: null, madeAt: null, madeFrom: null }
  for (const [part, tag] of parts) contents[part] = tags[tag] || null
  return contents
}

/** The tags of an image and its snapshots, all set in the call that makes them. */
export function imageTags(
  of: { name: string; token: string; user: string; network: string; networkId: string }, contents: ImageContents
): Tags {
  const carried = parts.flatMap(([part, tag]) => {
    const value = contents[part]
    return value === null ? [] : [[tag, value.slice(0, 256)] as const]
  })
  return {
    Name: of.name, [imageTag]: of.token, [userTag]: of.user, [networkTag]: of.network,
    // Not the tag of the network's own things: an image outlives its network.
    [`${networkIdTag}-of-origin`]: of.networkId, ...Object.fromEntries(carried)
  }
}
