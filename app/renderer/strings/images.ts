/** Words about machine images of the own account. */
export const images = {
  title: 'Machine images',
  what: 'Images of your account. A network launched from one that Rmada made finds everything installed.',
  region: 'Region',
  none: 'No images of your own here',
  noneDetail: 'Save the master of a running network as an image: open the network and choose “Save as image”.',
  columns: { name: 'Name', state: 'State', carries: 'Carries', made: 'Made', size: 'Size', price: 'At most', actions: 'Actions' },
  states: { pending: 'Being made', available: 'Available', failed: 'Failed', other: 'Unknown' },
  madeOf: (network: string) => `of ${network}`,
  theirs: 'Not made by Rmada',
  gib: (size: number) => `${size} GiB`,
  monthly: (price: number) => `$${price.toFixed(2)} a month`,
  parts: { r: 'R', openMpi: 'Open MPI', rstudio: 'RStudio', evaluator: 'evaluator' },
  deregister: 'Deregister',
  deregisterLabel: (name: string) => `Deregister ${name}`,
  deregisterTitle: (name: string) => `Deregister ${name}?`,
  deregisterText: 'The image and its snapshots are removed for good. Networks that run from it go on.',
  typeName: 'Type the name of the image to confirm',
  save: 'Save as image',
  saveTitle: (network: string) => `Save ${network} as a machine image`,
  saveText:
    'The disk of the master becomes an image; the network goes on running. Its keys and secrets are not in the image, your files are. It is billed by the month until you deregister it.',
  name: 'Name of the image',
  nameHint: '3 to 128 letters, digits, spaces and ()[]./-\'@_',
  description: 'Description',
  saveAction: 'Save'
} as const
