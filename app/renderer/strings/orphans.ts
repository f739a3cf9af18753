import type { Orphan } from '../../contract/index.ts'

/** Words on what was left behind. */
export const orphans = {
  title: 'Left behind',
  about:
    'What carries Rmada’s tags in a region while no network of this computer accounts for it. Nothing else of your ' +
    'account is ever listed or touched.',
  region: 'Region',
  none: 'Nothing was left behind in this region.',
  summary: (count: number, price: string) => `${count} ${count === 1 ? 'thing' : 'things'} · ${price}`,
  remove: (count: number) => `Remove ${count}`,
  pick: 'Remove',
  pickOne: (id: string) => `Remove ${id}`,
  columns: ['Id and name', 'Kind', 'State', 'Network', 'Price'],
  inUse: 'Perhaps in use',
  inUseNote:
    'Some of it belongs to networks whose instances run. Another computer of your account may be at work on them, so ' +
    'they are not picked.',
  confirmTitle: (count: number) => `Remove ${count} ${count === 1 ? 'thing' : 'things'} for good?`,
  confirmText: 'Instances are terminated and volumes deleted, with all data on them. This cannot be undone.',
  typeRegion: 'Type the name of the region to confirm',
  kinds: {
    instance: 'Instance',
    volume: 'Volume',
    'security-group': 'Security group',
    'key-pair': 'Key pair',
    'placement-group': 'Placement group',
    snapshot: 'Snapshot',
    'spot-request': 'Spot request'
  } satisfies Record<Orphan['kind'], string>
} as const
