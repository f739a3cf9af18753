import { describe, expect, it } from 'vitest'
import type { InstanceState } from '../../contract/index.ts'
import type { StatusFacts } from './network-status.ts'
import { networkStatus } from './network-status.ts'

const of = (...states: InstanceState[]) => states.map((state, n) => ({ id: `i-${n}`, state, reason: '' }))
const calm: StatusFacts = {
  activity: null, instances: of('running', 'running'), expected: 2, recorded: true, keyHere: true, configured: true,
  failure: null, terminating: false, servicesUp: true, unseen: null
}
const status = (change: Partial<StatusFacts>) => networkStatus({ ...calm, ...change })

describe('the status of a network', () => {
  it('is running only when configured, all there and the services answer', () => {
    expect(networkStatus(calm)).toEqual({ status: 'running', message: '' })
    for (const change of [
      { configured: false }, { servicesUp: false }, { servicesUp: null }, { failure: 'no' }, { unseen: 'no' },
      { keyHere: false }, { terminating: true }, { instances: of('running') }, { instances: of('running', 'pending') },
      { activity: 'reboot' as const }, { recorded: false, keyHere: false, configured: false }
    ]) {
      const { status: found, message } = status(change)
      expect([change, found]).not.toEqual([change, 'running'])
      expect([change, message]).not.toEqual([change, ''])
    }
  })

  it.each([
    [{ activity: 'launch' as const, instances: [] }, 'pending'],
    [{ activity: 'launch' as const, instances: of('running', 'pending') }, 'pending'],
    [{ activity: 'launch' as const, configured: false }, 'configuring'],
    [{ activity: 'repair' as const }, 'configuring'],
    [{ activity: 'reboot' as const }, 'rebooting'],
    [{ activity: 'terminate' as const }, 'terminating'],
    [{ instances: of('running', 'stopped') }, 'stopped'],
    [{ instances: of('stopping', 'stopped') }, 'stopped'],
    [{ instances: of('running', 'terminated') }, 'failed'],
    [{ instances: of('terminated', 'terminated') }, 'failed'],
    [{ instances: [], configured: false }, 'failed'],
    [{ failure: 'reboot failed' }, 'services-not-running'],
    [{ failure: 'launch failed', configured: false }, 'failed'],
    [{ terminating: true, failure: 'no' }, 'failed'],
    [{ servicesUp: null }, 'configuring'],
    [{ unseen: 'no answer' }, 'services-not-running'],
    [{ recorded: false, instances: of('terminated') }, 'terminated'],
    [{ recorded: false, instances: of('shutting-down', 'terminated') }, 'terminating'],
    [{ recorded: false, instances: [], failure: 'lost' }, 'failed'],
    [{ recorded: false, keyHere: false, configured: false }, 'services-not-running']
  ])('of %j is %s', (change, expected) => {
    expect(status(change).status).toBe(expected)
  })

  it('tells why an instance ended', () => {
    const instances = [{ id: 'i-0', state: 'running' as const, reason: '' },
      { id: 'i-1', state: 'terminated' as const, reason: 'Server.SpotInstanceTermination' }]
    expect(status({ instances }).message)
      .toBe('Only 1 of 2 instances are left. i-1 ended (Server.SpotInstanceTermination).')
  })
})
