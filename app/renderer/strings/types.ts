import type { TypeOrder } from '../../contract/index.ts'

const orders: Readonly<Record<TypeOrder, string>> = {
  mpi: 'Best for MPI',
  price: 'On-demand price',
  spot: 'Spot price',
  'price-per-core': 'Price of a core',
  cores: 'Cores',
  memory: 'Memory',
  name: 'Name'
}

/** Words of the table in which instance types are compared. */
export const types = {
  open: 'Compare types',
  title: 'Instance types',
  search: 'Search',
  searchHint: 'c7i, gpu, arm64 …',
  minCores: 'Cores, at least',
  minMemory: 'GiB, at least',
  maxPrice: 'USD an hour, at most',
  order: 'Order',
  orders,
  cluster: 'For clusters',
  efa: 'EFA',
  gpu: 'GPU',
  current: 'Current generation',
  columns: {
    name: 'Type',
    cores: 'Cores',
    vcpus: 'vCPUs',
    memory: 'Memory',
    network: 'Network',
    traits: 'Traits',
    price: 'On demand',
    spot: 'Spot now'
  },
  traits: { cluster: 'cluster', efa: 'EFA', burstable: 'for trying', older: 'older' },
  none: 'No instance type fits. Ask for less.',
  table: 'Instance types that fit',
  noChoice: 'Choose a type to see what it costs in each zone.',
  take: (type: string) => `Use ${type}`,
  takeNone: 'Use a type',
  cancel: 'Cancel',
  refresh: 'Ask anew',
  typesAsOf: 'Types asked',
  askedAt: 'asked',
  spotAsOf: 'Spot prices asked',
  noPrices: 'No prices are known for this region.',
  noSpot: 'Spot prices are not known now.',
  listUnread: (why: string) => `The price list could not be read: ${why}`,
  stale: (why: string) => `This list could not be renewed: ${why}`,
  spotRange: (days: number) => `Spot, now and in the last ${days} days`,
  spotNotSold: 'Not sold on Spot here.',
  range: (lowest: string, highest: string) => `${lowest} to ${highest}`,
  zone: 'Zone',
  now: 'Now',
  rangeColumn: (days: number) => `Range, ${days} days`,
  changesColumn: 'Changes'
} as const
