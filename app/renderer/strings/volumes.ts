import type { Volume } from '../../contract/index.ts'

/** Words on EBS volumes. */
export const volumes = {
  title: 'Volumes',
  about: 'Disks that outlive their instances. A network mounts its volume at /shared on all nodes.',
  region: 'Region of the volumes',
  refresh: 'Look again',
  none: 'There are no volumes in this region.',
  columns: ['Id and name', 'Zone', 'State', 'Size', 'Kind', 'Encrypted', 'Made', 'Attached to', 'Mounted at', 'Per month', 'Actions'],
  states: {
    creating: 'Creating', available: 'Available', 'in-use': 'In use', deleting: 'Deleting', deleted: 'Deleted', error: 'Error'
  } satisfies Record<Volume['state'], string>,
  size: (gib: number) => `${gib} GiB`,
  root: 'root volume',
  yes: 'Yes',
  no: 'No',
  prices: (source: string) => `Prices: ${source}.`,
  actionsOf: (id: string) => `Actions on ${id}`,
  create: 'New volume',
  createText: 'It is encrypted, and blank until it is mounted for the first time.',
  fields: { zone: 'Availability zone', size: 'Size in GiB', type: 'Kind', name: 'Name of the volume', network: 'Network', path: 'Mount point' },
  attach: 'Attach',
  attachText: (id: string) => `${id} is attached to the master of a network, which must stand in its zone.`,
  noNetworks: 'No network of yours runs in this region.',
  mount: 'Mount',
  mountText: 'A blank volume is formatted; one that holds data never is. The other nodes of the network see it too.',
  mounted: (id: string, path: string, formatted: boolean) =>
    `${id} is at ${path}${formatted ? ', newly formatted' : ''}.`,
  unmount: 'Unmount',
  unmounted: (id: string) => `${id} is not mounted any more.`,
  detach: 'Detach',
  detached: (id: string) => `${id} is detached.`,
  snapshot: 'Snapshot',
  snapshotBegun: (id: string, of: string) => `The snapshot ${id} of ${of} is being made.`,
  delete: 'Delete',
  deleteTitle: (id: string) => `Delete ${id}?`,
  deleteText: (mine: boolean) =>
    `All that is on it is lost for good.${mine ? '' : ' Rmada did not make this volume: be sure that nobody else needs it.'}`,
  typeId: 'Type the id to confirm',
  section: {
    title: 'Volume at /shared',
    which: 'Volume',
    none: 'No volume',
    existing: 'An existing one',
    new: 'A new one',
    choose: 'Which volume',
    size: 'Size of the volume in GiB',
    type: 'Kind of the volume',
    delete: 'Delete it with the network',
    deleteHint: 'Else it is kept, with all that is on it, and billed by the month.'
  }
} as const
