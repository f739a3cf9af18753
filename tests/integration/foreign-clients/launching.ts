import { afterAll, beforeAll } from 'vitest'
import { catalogueImages, machineArchitecture } from '../../../app/main/practice/catalogue.ts'
import type { Timings } from '../../../app/main/practice/endpoint/instances/fleet.ts'
import type { PracticeOptions } from '../../../app/main/practice/endpoint/serve.ts'
import { startBoto3, type Boto3, type Parsed } from './boto3.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

/** Short, so that tests wait little. */
const timings: Partial<Timings> = { pendingMs: 300, stoppingMs: 150, shuttingDownMs: 150, terminatedVisibleMs: 2000 }

const arm = machineArchitecture === 'arm64'
const imageFor = (fits: boolean) =>
  catalogueImages.find((image) => (image.architecture === machineArchitecture) === fits)?.id

/** An image that boots here and one that does not; a burstable type that fits, and one that may stand in clusters. */
const image = imageFor(true)
export const foreignImage = imageFor(false)
export const small = arm ? 't4g.small' : 't3.micro'
export const clustered = arm
  ? { type: 'c7g.xlarge', zones: ['practice-1c', 'practice-1a'], without: 'practice-1b' }
  : { type: 'c7i.xlarge', zones: ['practice-1b', 'practice-1a'], without: 'practice-1c' }

export const one = { ImageId: image, InstanceType: small, MinCount: 1, MaxCount: 1 }

/** Ids of the instances of a reservation. */
export const ids = (reservation: Parsed): string[] =>
  reservation.Instances.map((instance: Parsed) => instance.InstanceId)

export const tagsOf = (item: Parsed): Record<string, string> =>
  Object.fromEntries((item.Tags ?? []).map((tag: Parsed) => [tag.Key, tag.Value]))

/** A practice cloud and a boto3 for the tests of one file, with what they do most often. */
export function withBoto3(options: Partial<PracticeOptions> = {}) {
  let cloud: TemporaryPractice
  let boto3: Boto3
  beforeAll(async () => {
    cloud = await temporaryPractice({ timings, ...options })
    boto3 = startBoto3(cloud.practice)
  })
  afterAll(async () => {
    await boto3.close()
    await cloud.end()
  })

  const call: Boto3['call'] = (...words) => boto3.call(...words)
  const refusal: Boto3['refusal'] = (...words) => boto3.refusal(...words)
  const wait: Boto3['wait'] = (...words) => boto3.wait(...words)
  const pages: Boto3['pages'] = (...words) => boto3.pages(...words)
  return {
    call,
    refusal,
    wait,
    pages,
    /** RunInstances for one small instance, or as the test says. */
    run: (more: object = {}): Promise<Parsed> => call('run_instances', { ...one, ...more }),
    refused: (more: object = {}) => refusal('run_instances', { ...one, ...more }),
    async describeOne(id: string): Promise<Parsed> {
      return (await call('describe_instances', { InstanceIds: [id] })).Reservations[0].Instances[0]
    },
    async terminate(InstanceIds: string[]): Promise<void> {
      await call('terminate_instances', { InstanceIds })
      await wait('instance_terminated', { InstanceIds })
    }
  }
}
