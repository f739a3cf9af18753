const second = 1000
const minute = 60 * second

/** Every time limit and interval of the manager in one place. */
export const limits = {
  /**
   * Between two looks at a region while a task waits for its instances; endpoints on this computer are asked oftener.
   */
  activePollMs: { cloud: 2.5 * second, local: 0.25 * second },
  /** Between two looks at a region that has networks while nothing is under way. */
  idlePollMs: { cloud: 45 * second, local: 10 * second },
  /** Each wait is shortened or lengthened by up to this share, so that many managers do not call in step. */
  jitter: 0.2,
  /** How long a call that may have taken place, or that tells what is rented, is repeated until it is answered. */
  unansweredMs: 30 * second,
  /** However slow the answers are, it is asked at least this often. */
  unansweredTries: 10,
  /** How often a task takes the choice that was made ahead of time, before it stops with its failure. */
  automaticChoices: 3,
  /** From RunInstances to state running. */
  startMs: 10 * minute,
  /** Until the console output shows the host keys. */
  hostKeysMs: 8 * minute,
  hostKeysPollMs: { cloud: 5 * second, local: 0.3 * second },
  /** Until sshd answers on a machine that runs. */
  sshMs: 5 * minute,
  /** From RebootInstances until sshd answers from a new boot. */
  rebootMs: 10 * minute,
  rebootPollMs: { cloud: 3 * second, local: 0.3 * second },
  /** Installing what a node lacks: mirrors, the first boot's own installations and packages from source take long. */
  installMs: 40 * minute,
  /** One run of the script that configures a node. */
  configureMs: 2 * minute,
  /** mpirun over all slots: a base, and a share for each node that mpirun has to reach. */
  mpiMs: minute,
  mpiMsPerNode: 2 * second,
  evaluatorStartMs: minute,
  pingMs: 15 * second,
  ideStartMs: minute,
  stopMs: 10 * minute,
  terminateMs: 15 * minute,
  /** Deleting a placement group is refused while its last instances go. */
  groupReleaseMs: 2 * minute,
  groupReleasePollMs: { cloud: 5 * second, local: 0.5 * second },
  /** Connecting to a master at start-up, to see whether its services live. */
  serviceCheckMs: 30 * second,
  /** Listing a region at start-up before the window is told that it does not answer. */
  firstLookMs: 20 * second,
  /** How long an ended task stays in the list. */
  endedTaskMs: 60 * minute,
  /** Between two looks whether this computer's own address has changed. */
  addressMs: 5 * minute,
  /** First try to reach a node; when nobody answers, the address is looked at before the rest of the time is spent. */
  firstTryMs: 20 * second,
  catalogueMs: 15 * minute,
  /** Instance types and price lists change every few days; they are kept on disk. */
  typesMs: 24 * 60 * minute,
  /** Spot prices change a few times a day. */
  spotMs: 10 * minute,
  /** Until a source of types or prices that failed is asked again. */
  catalogueRetryMs: 5 * minute,
  /** How far ahead a file's time may be before the clock is taken to have been wrong. */
  clockDoubtMs: 5 * minute,
  /** One check of the account before a launch; beyond it the plan says that it could not be made. */
  preflightMs: 8 * second,
  /** Permissions, limits and the own address are not asked anew at every key of a form. */
  preflightKeptMs: minute,
  /** Until a volume is made, attached or free. */
  volumeMs: 5 * minute,
  volumePollMs: { cloud: 2 * second, local: 0.2 * second },
  /** ssh connections made at once. */
  parallelConnections: 32,
  /** GetConsoleOutput has no batch form; more at once are throttled. */
  parallelConsoleReads: 8,
  /** One of the short scripts that ready a master for an image. */
  imageScriptMs: minute,
  /** From CreateImage until its snapshots are there: then the content of the disk is fixed. Less than image.sh waits. */
  imageFixedMs: 2 * minute,
  /** Until an image is available: its snapshots are copied. */
  imageMs: 60 * minute,
  imagePollMs: { cloud: 10 * second, local: 0.3 * second }
} as const
