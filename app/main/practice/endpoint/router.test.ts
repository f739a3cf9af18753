import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogueImages, machineArchitecture } from '../catalogue.ts'
import { createNoneMachines } from '../machines/none.ts'
import type { Context } from './action.ts'
import { createFaults } from './faults/faults.ts'
import { createFleet, defaultTimings, type Fleet } from './instances/fleet.ts'
import { createVolumeAttendant } from './volumes/attendant.ts'
import { Ec2Error } from './protocol/error.ts'
import { Parameters } from './protocol/parameters.ts'
import { renderReply } from './protocol/xml.ts'
import { answer, ec2Actions } from './router.ts'
import { openStore } from './store.ts'

let folder: string
let fleet: Fleet
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rmada-router-'))
  const store = await openStore(join(folder, 'state.json'))
  const machines = createNoneMachines()
  fleet = createFleet({
    store,
    machines,
    timings: { ...defaultTimings, pendingMs: 0, stoppingMs: 0, shuttingDownMs: 0 },
    log: () => {}
  })
  context = {
    region: 'practice-1',
    host: '127.0.0.1:1',
    accessKeyId: 'KEY',
    machines,
    fleet,
    faults: createFaults(),
    volumes: createVolumeAttendant({ store, machines, log: () => {} }),
    get state() {
      return store.state
    },
    change: store.change,
    inTurn: (work) => work()
  }
})
afterAll(async () => {
  await fleet.idle()
  await rm(folder, { recursive: true, force: true })
})

const ask = (query: string) => answer('ec2', Parameters.of(new URLSearchParams(query)), context)

describe('the router', () => {
  it.each([
    ['', 'MissingAction'],
    ['Action=DescribeRegions', 'MissingParameter'],
    ['Action=DescribeRegions&Version=2010-01-01', 'InvalidAction'],
    ['Action=toString&Version=2016-11-15', 'InvalidAction'],
    ['Action=GetCallerIdentity&Version=2016-11-15', 'InvalidAction'],
    ['Action=DescribeRegions&Version=2016-11-15&Colour=red', 'UnknownParameter'],
    ['Action=DescribeRegions&Version=2016-11-15&DryRun=perhaps', 'InvalidParameterValue'],
    ['Action=RunInstances&Version=2016-11-15&DisableApiTermination=true', 'UnsupportedOperation'],
    ['Action=RunInstances&Version=2016-11-15&DisableApiTermination=false', 'MissingParameter']
  ])('refuses "%s" with %s', async (query, code) => {
    await expect(ask(query)).rejects.toMatchObject({ code })
  })

  it('answers anything at all with a reply that can be rendered or with a refusal, never with a defect', async () => {
    const image = catalogueImages.find((candidate) => candidate.architecture === machineArchitecture)?.id ?? ''
    const names = fc.constantFrom(...Object.keys(ec2Actions))
    const endings = fc.constantFrom(
      ...' .1 .2 .0 .x .1.Name .1.Value.1 .1.Key .1.Value .1.ResourceType .1.Tag.1.Key .1.GroupId .1.IpProtocol'.split(
        ' '
      ),
      ...'.1.FromPort .1.ToPort .1.IpRanges.1.CidrIp .1.DeviceName .1.Ebs.VolumeSize .AvailabilityZone'.split(' '),
      ...'.GroupName .CoreCount .ThreadsPerCore .MarketType'.split(' ')
    )
    const values = fc.oneof(
      fc.constantFrom(
        '',
        '0',
        '1',
        '-1',
        '5',
        '65536',
        '1e9',
        'true',
        'tcp',
        '-1',
        '10.0.0.0/8',
        '*',
        'name',
        'instance'
      ),
      fc.constantFrom(
        image,
        'i-00000000000000000',
        'sg-00000000000000000',
        'practice-1a',
        't3.micro',
        'tag:a',
        'default'
      ),
      fc.constantFrom('__proto__', 'constructor', '\u0000', '\uD800', 'spot', 'x'.repeat(300)),
      fc.string({ maxLength: 20 })
    )
    const requests = names.chain((name) =>
      fc
        .array(fc.tuple(fc.constantFrom(...(ec2Actions[name]?.accepts ?? []), 'Filter'), endings, values), {
          maxLength: 6
        })
        .map((parts) => ({ name, entries: new Map(parts.map(([part, ending, value]) => [part + ending, value])) }))
    )
    const defects: unknown[] = []
    const request = fc.asyncProperty(requests, async ({ name, entries }) => {
      const parameters = Parameters.of([['Action', name], ['Version', '2016-11-15'], ...entries])
      try {
        renderReply(name, 'r', await answer('ec2', parameters, context))
      } catch (error) {
        if (!(error instanceof Ec2Error)) defects.push({ name, entries, error })
      }
      return defects.length === 0
    })
    await fc.assert(request, { numRuns: 1500 })
    expect(defects).toEqual([])
  })
})
