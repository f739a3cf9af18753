/** Words of the about view. */
export const about = {
  title: 'About Rmada',
  what: 'Rmada launches MPI networks and lets you compute on them from the R console you already have.',
  manager: 'Manager',
  version: 'Version',
  protocol: 'Protocol',
  process: 'Process',
  dataDirectory: 'Data directory',
  secrets: 'Secrets',
  secretsKept: {
    keychain: 'In the keychain of this computer.',
    memory: 'In memory only, until the manager ends: this computer has no keychain that Rmada can use.'
  },
  practice: 'Practice cloud',
  practiceAvailable: 'Available',
  practiceUnavailable: 'Not available',
  backends: { namespaces: 'Namespaces', processes: 'Processes', none: 'None' },
  backend: 'Machines',
  licence: 'Free software under the GNU General Public License, version 3 or later.'
} as const
