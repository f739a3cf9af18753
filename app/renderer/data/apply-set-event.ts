/** What a stream of a set sends: first the whole set, then each change (contract: `changesOf`). */
export type SetEvent<T> =
  | { readonly kind: 'all'; readonly items: readonly T[] }
  | { readonly kind: 'changed'; readonly item: T }
  | { readonly kind: 'removed'; readonly id: string }

/**
 * The set after one event. Items keep their places, so that tables do not jump; new ones come last. A change before
 * the first whole set says nothing yet, because a part would look like the whole.
 */
export function applySetEvent<T extends { readonly id: string }>(
  items: readonly T[] | undefined,
  event: SetEvent<T>
): readonly T[] | undefined {
  if (event.kind === 'all') return event.items
  if (items === undefined) return undefined
  if (event.kind === 'removed') return items.filter((item) => item.id !== event.id)
  return items.some((item) => item.id === event.item.id)
    ? items.map((item) => (item.id === event.item.id ? event.item : item))
    : [...items, event.item]
}
