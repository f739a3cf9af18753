import { caution, fault } from './check.ts'
import type { Check } from './check.ts'
import type { ResolvedSpec } from '../../../contract/index.ts'
import { given } from '../../core/given.ts'

/** Whether the credentials may do what the launch does, by trial calls that change nothing. */
export const permissionsCheck: Check = {
  about: 'The permissions of the credentials',
  field: null,
  async find({ spec, permissions }) {
    const denied = (await permissions())
      .filter(check => check.result === 'denied').map(check => check.action)
      .filter(action => !unneeded(spec).has(action))
    if (denied.length === 0) return []
    const list = denied.join(', ')
    const advice =
      'Ask the administrator of the account for them; `rmada account --permissions` prints the policy to ask for.'
    // Renting what could not be given back is the one thing that must not begin. The others may still be allowed for
    // things that carry our tags, which trial calls do not have, and fail before anything is rented.
    return denied.includes('ec2:TerminateInstances')
      ? [fault('CLOUD_DENIED', null, `The credentials may not give back what they rent; they lack: ${list}.`, advice)]
      : [caution('CLOUD_DENIED', null,
        `The credentials seem to lack permissions that the launch needs: ${list}.`, advice)]
  }
}

function unneeded(spec: ResolvedSpec): ReadonlySet<string> {
  return new Set([
    ...(!given(spec.keyPair) ? [] : ['ec2:ImportKeyPair', 'ec2:DeleteKeyPair']),
    ...(!given(spec.securityGroup) ? [] : [
      'ec2:CreateSecurityGroup', 'ec2:DeleteSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupIngress'
    ]),
    ...(!given(spec.volume) ? ['ec2:CreateVolume', 'ec2:AttachVolume', 'ec2:DescribeVolumes'] : []),
    ...(spec.spot === undefined || spec.spot === 'none'
      ? ['ec2:CancelSpotInstanceRequests', 'ec2:DescribeSpotInstanceRequests'] : []),
    ...(spec.placementGroup ? [] : ['ec2:CreatePlacementGroup', 'ec2:DeletePlacementGroup'])
  ])
}
