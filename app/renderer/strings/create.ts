/** Words of the create form and its review. */
export const create = {
  title: 'Create network',
  steps: { choose: 'Choose', review: 'Review' },
  fields: {
    name: 'Name',
    region: 'Region',
    instanceType: 'Instance type',
    image: 'Machine image',
    zone: 'Availability zone',
    instances: 'Instances',
    slotsPerHost: 'Slots per host'
  },
  hints: {
    name: 'Letters, digits and hyphens, as in a host name.',
    instances: 'The master is one of them.',
    slotsPerHost: 'How many MPI processes each host takes.',
    instanceType: 'All instances are of one type.'
  },
  anyZone: 'Any zone',
  newestImage: 'The newest that fits',
  defaultType: 'Chosen for you',
  typeSpec: (vcpus: string, cores: string, memory: string) => `${vcpus} · ${cores} · ${memory}`,
  nothingFound: 'Nothing matches.',
  regionUnavailable: 'not usable now',
  summary: 'Summary',
  checking: 'Checking…',
  checked: 'Nothing speaks against it.',
  checkedWithWarnings: (count: string) => `Nothing keeps it from being launched; ${count}.`,
  mustFix: (count: string) => `${count} to fix`,
  creates: 'This will be created',
  perHour: 'Per hour',
  perDay: 'Per day',
  priceUnknown: 'No price is known for this type.',
  toReview: 'Review',
  change: 'Change',
  launch: 'Launch network',
  reviewTitle: 'Review before anything is rented',
  findings: { error: 'Error', warning: 'Warning', info: 'Note' },
  placement: { yes: 'in a cluster placement group', no: 'no placement group' },
  facts: {
    name: 'Name',
    region: 'Region',
    zone: 'Zone',
    type: 'Type',
    image: 'Image',
    user: 'Login name',
    instances: 'Instances',
    slots: 'Slots per host',
    placementGroup: 'Placement group'
  },
  yes: 'Yes',
  no: 'No'
} as const
