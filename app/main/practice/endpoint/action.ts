import type { Machines } from '../machines/machines.ts'
import type { Faults } from './faults/faults.ts'
import type { Fleet } from './instances/fleet.ts'
import type { Parameters } from './protocol/parameters.ts'
import type { Reply } from './protocol/xml.ts'
import type { State } from './state.ts'
import type { VolumeAttendant } from './volumes/attendant.ts'

/** What an action works with, for one request. */
export interface Context {
  readonly region: string
  /** Host and port at which the client reached the endpoint. */
  readonly host: string
  readonly accessKeyId: string
  readonly machines: Machines
  readonly fleet: Fleet
  readonly faults: Faults
  readonly volumes: VolumeAttendant
  /** The present state, to read. */
  readonly state: State
  /** The only way to change anything; with DryRun it raises DryRunOperation instead. */
  change<Result>(apply: (draft: State) => Result): Promise<Result>
  /** Work of one kind at a time, in the order of the requests. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>
}

/** One action of the API. */
export interface Action {
  /** EC2's parameters of the action; others are refused with UnknownParameter. Some have no effect here. */
  readonly accepts: readonly string[]
  /** Those that ask for what the practice cloud cannot do: UnsupportedOperation, unless they say "false". */
  readonly refuses?: readonly string[]
  run(parameters: Parameters, context: Context): Reply | Promise<Reply>
}

/** A group of actions by their names. */
export type Actions = Readonly<Record<string, Action>>
