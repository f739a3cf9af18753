import type { InstanceState, NetworkStatus, TaskState, TaskStep } from '../../contract/index.ts'

/** Words on networks, their instances and the tasks at work on them. */
export const networks = {
  title: 'Networks',
  tableLabel: 'Networks',
  create: 'Create network',
  summary: (networkCount: string, instanceCount: string, price: string) =>
    `${networkCount} · ${instanceCount} · ${price}`,
  atLeast: (price: string) => `${price} and what has no known price`,
  columns: {
    name: 'Name',
    status: 'Status',
    instances: 'Instances',
    launched: 'Launched',
    zone: 'Zone',
    type: 'Type',
    price: 'Price each',
    total: 'Total'
  },
  sortBy: (column: string) => `Sort by ${column}`,
  status: {
    pending: 'Pending',
    configuring: 'Configuring',
    running: 'Running',
    'services-not-running': 'Services not running',
    rebooting: 'Rebooting',
    stopped: 'Stopped',
    terminating: 'Terminating',
    terminated: 'Terminated',
    failed: 'Failed'
  } satisfies Record<NetworkStatus, string>,
  emptyTitle: 'Your first network is one click away',
  emptyText:
    'A network is a group of computers that R uses as one: a master, where R runs, and slaves that MPI reaches. ' +
    'The practice cloud makes such computers on this machine, so you can learn and try everything at no cost.',
  emptySteps: [
    ['Launch', 'Rmada makes the computers, connects them and checks that MPI reaches every one.'],
    ['Compute', 'Type re(1+1) in your own R console: it runs on the master, and its value comes back.'],
    ['Terminate', 'Everything that was made for the network goes away with it.']
  ],
  launchPractice: 'Launch a practice network',
  practiceUnavailable: 'The practice cloud cannot run on this computer.',
  anyZone: 'Any'
} as const

/** Words on one network. */
export const network = {
  gone: (name: string) => `There is no network “${name}”`,
  goneDetail: 'It was terminated, or its name is written differently. Nothing of it is rented.',
  goneDone: (name: string) => `“${name}” is terminated`,
  goneDoneDetail: 'Everything that was made for it is removed. Nothing of it is rented any more.',
  openIde: 'Open web IDE',
  ideOpened: 'The web IDE is at',
  ideSignIn: 'Sign in with',
  ideUser: 'user',
  idePassword: 'password',
  reboot: 'Reboot',
  terminate: 'Terminate',
  repair: 'Repair',
  cancelTask: 'Cancel',
  cancelTitle: (title: string) => `Cancel “${title}”?`,
  cancelText: 'It stops at its next safe point, and what it rented so far is given back.',
  cancelConfirm: 'Cancel it',
  cancelKeep: 'Go on',
  cancelling: 'Stopping at the next safe point…',
  terminateTitle: (name: string) => `Terminate “${name}”?`,
  terminateText: (instances: string) =>
    `${instances} will be terminated, with all files on them. This cannot be undone.`,
  rebootTitle: (name: string) => `Reboot “${name}”?`,
  rebootText: (instances: string) =>
    `${instances} will restart. Files on disk stay; R sessions and everything in memory are lost.`,
  stop: 'Stop',
  stopTitle: (name: string) => `Stop “${name}”?`,
  stopText: (instances: string, price: string) =>
    `${instances} will stop, and ${price} will no longer be due. Their disks stay and are still billed; ` +
    'R sessions and everything in memory are lost.',
  start: 'Start',
  startTitle: (name: string) => `Start “${name}”?`,
  startText: (instances: string, type: string) =>
    `${instances} of type ${type} will run and be billed again. Their addresses change; Rmada sees to the rest.`,
  addNodes: 'Add nodes',
  addNodesTitle: (name: string) => `Add nodes to “${name}”`,
  addNodesCount: 'How many',
  addNodesCost: (type: string, hour: string, day: string) => `Instances of type ${type}: ${hour} more, ${day}.`,
  nodeActions: (node: string) => `Actions on ${node}`,
  actions: 'Actions',
  rebootNode: 'Reboot this node',
  rebootNodeTitle: (node: string) => `Reboot ${node}?`,
  rebootNodeText: 'It restarts; files on its disk stay. Then MPI is checked over all nodes.',
  removeNode: 'Remove this node',
  removeNodeTitle: (node: string) => `Remove ${node}?`,
  removeNodeText: 'It is terminated for good, with all files on it. The other nodes go on without it.',
  typeName: 'Type the name of the network to confirm',
  progress: 'Progress',
  stepsLabel: 'Steps',
  stepStates: {
    waiting: 'waiting',
    running: 'running',
    done: 'done',
    failed: 'failed',
    skipped: 'skipped'
  } satisfies Record<TaskStep['state'], string>,
  failedTitle: 'What went wrong',
  stillRented: 'Still rented',
  stillRentedCost: (price: string) => `It costs ${price} until it is terminated.`,
  stillRentedUnknown: 'Its price is not known.',
  nothingRented: 'Nothing of it is rented any more.',
  servicesDown: 'The services of this network do not answer.',
  repairOrTerminate: 'Repair configures its nodes again; if that does not help, terminate it.',
  rentedKinds: {
    instance: 'Instance',
    'key-pair': 'Key pair',
    'security-group': 'Security group',
    'placement-group': 'Placement group',
    volume: 'Volume',
    image: 'Machine image',
    snapshot: 'Snapshot'
  },
  keyElsewhere:
    'This network was launched on another computer, whose key is needed to reach it. It can be terminated here.',
  takeOver: 'Use it here',
  takeOverTitle: (name: string) => `Use “${name}” on this computer`,
  takeOverText:
    'Give the private half of its key pair: the file “key” in the folder of the network on the computer that launched ' +
    'it. It is checked before anything is done. That computer then reaches the network no more.',
  takeOverFile: 'Private key file, or ssh-agent',
  instances: 'Instances',
  instanceColumns: {
    role: 'Role',
    host: 'Host name',
    id: 'Instance id',
    state: 'State',
    publicAddress: 'Public address',
    privateAddress: 'Private address',
    type: 'Type',
    image: 'Image',
    zone: 'Zone',
    launched: 'Launched'
  },
  roles: { master: 'Master', slave: 'Slave' },
  instanceStates: {
    pending: 'Pending',
    running: 'Running',
    'shutting-down': 'Shutting down',
    terminated: 'Terminated',
    stopping: 'Stopping',
    stopped: 'Stopped'
  } satisfies Record<InstanceState, string>,
  noInstances: 'No instances yet.',
  details: 'Details',
  facts: {
    region: 'Region',
    zone: 'Zone',
    type: 'Type',
    image: 'Image',
    slots: 'Slots per host',
    launched: 'Launched',
    key: 'Key pair',
    securityGroup: 'Security group',
    placementGroup: 'Placement group',
    price: 'Price',
    priceSource: 'Price from'
  },
  connect: 'Compute on it',
  connectFromR: 'In your R console',
  connectFromShell: 'In a terminal',
  connectLater: 'You can connect as soon as the network is running.',
  copyR: 'Copy the R code',
  copyShell: 'Copy the command'
} as const

/** Words on tasks. */
export const tasks = {
  title: 'Tasks',
  empty: 'No tasks yet. Launches, reboots and terminations show up here while they run.',
  states: { running: 'At work', succeeded: 'Done', failed: 'Failed', cancelled: 'Cancelled' } satisfies Record<
    TaskState,
    string
  >,
  took: (time: string) => `It took ${time}.`,
  ended: (title: string, state: TaskState) =>
    ({
      running: title,
      succeeded: `${title}: done`,
      failed: `${title}: failed`,
      cancelled: `${title}: cancelled`
    })[state],
  look: 'Show the network',
  log: 'Log',
  logOf: (title: string) => `Log: ${title}`,
  logEmpty: 'Nothing was printed so far.',
  logCopy: 'Copy log',
  logSave: 'Save log',
  logMissed: (count: number) => `… ${count} earlier lines are not shown; the manager's data folder has them all.`,
  notices: 'News'
} as const
