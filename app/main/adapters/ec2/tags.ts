import type { Filter, ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2'
import type { Tags } from '../../core/ports/index.ts'

/** EC2's list of tags as a plain table. */
export function fromTags(tags: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']))
}

/** A plain table of tags as EC2's list. */
export function toTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/** Tags given in the very call that creates, so that nothing is ever there without them. */
export function tagging(tags: Tags, ...kinds: readonly ResourceType[]): TagSpecification[] {
  return kinds.map((ResourceType) => ({ ResourceType, Tags: toTags(tags) }))
}

/** Filters for things that carry all these tags; `*` stands for any value. In filters `*`, `?` and `\` are special. */
export function withTags(tags: Tags): Filter[] {
  return Object.entries(tags).map(([key, value]) =>
    value === '*'
      ? { Name: 'tag-key', Values: [key] }
      : { Name: `tag:${key}`, Values: [literally(value)] }
  )
}

/** Text that a filter takes as it stands. */
export function literally(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&')
}

/** Whether a thing carries all these tags. */
export function carries(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => tags[key] === value)
}
