/** Words of the folded part of the create form. */
export const launchOptions = {
  title: 'More options',
  titleWithFaults: (count: number) => `More options: ${count} to fix`,
  fields: {
    spot: 'Spot instances',
    maxPrice: 'Most to pay, USD an hour',
    hyperthreading: 'Keep hyperthreading',
    rootVolumeGib: 'Root volume, GiB',
    rootVolumeType: 'Kind of root volume',
    keyPair: 'Key pair',
    privateKeyFile: 'Private key file',
    securityGroup: 'Security group',
    subnet: 'Subnet'
  },
  spot: { none: 'None: all on demand', slaves: 'Slaves only, master on demand', all: 'All, master included' },
  hints: {
    spot: 'Cheaper, but EC2 may take them back at two minutes\u2019 notice.',
    maxPrice: 'Best left empty: a cap never lowers the price, it only has instances interrupted sooner.',
    hyperthreading: 'Off by default: MPI processes that share a core slow each other down.',
    rootVolumeGib: 'Deleted with its instance.',
    keyPair: 'Name of one that the account has. It is never deleted.',
    privateKeyFile: 'On this computer; or ssh-agent. The key never leaves it.',
    securityGroup: 'Id of one that the account has. It is never changed.',
    subnet: 'Id; its zone is the zone of the network.'
  },
  placeholders: {
    maxPrice: 'No cap',
    rootVolumeGib: 'Size of the image',
    keyPair: 'One made for this network',
    privateKeyFile: '~/.ssh/id_ed25519',
    securityGroup: 'One made for this network',
    subnet: 'One of the default VPC'
  },
  unlock: { passphrase: 'Passphrase of the private key', button: 'Open the key' },
  facts: {
    onDemand: 'on demand',
    hyperthreading: 'Hyperthreading',
    rootVolume: 'Root volume',
    own: 'made for this network',
    defaultSubnet: 'of the default VPC',
    imageSize: 'size of the image',
    on: 'on',
    off: 'off',
    capped: (price: string) => `at most ${price}`
  }
} as const
