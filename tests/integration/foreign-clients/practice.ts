import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  servePractice,
  type PracticeEndpoint,
  type PracticeOptions
} from '../../../app/main/practice/endpoint/serve.ts'

export interface TemporaryPractice {
  readonly practice: PracticeEndpoint
  readonly directory: string
  end(): Promise<void>
}

/** A practice cloud of its own, without machines unless asked, in a directory that goes with it. */
export async function temporaryPractice(options: Partial<PracticeOptions> = {}): Promise<TemporaryPractice> {
  const directory = await mkdtemp(join(tmpdir(), 'rmada-practice-'))
  const practice = await servePractice({
    stateDirectory: directory,
    backend: 'none',
    port: 0,
    log: () => {},
    ...options
  })
  return {
    practice,
    directory,
    async end() {
      await practice.close({ powerOff: true })
      await rm(directory, { recursive: true, force: true })
    }
  }
}
