import { RmadaError } from '../../core/error.ts'
import { ingressChanges } from '../../core/ingress.ts'
import type { Cloud, SecurityGroupRecord } from '../../core/ports/index.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import type { Work } from './work.ts'
import { networkOf } from './work.ts'
import { given } from '../../core/given.ts'

/** Lets ssh in from today's address of this computer, and no longer from an earlier one; the nodes reach each other. */
export async function openSsh(work: Work): Promise<void> {
  const { cloud, endpoint } = work.watch.region
  // A group that the user had before is never changed; the plan looked at what it lets in.
  if (given(networkOf(work).record?.spec.securityGroup)) return
  const address = await work.ports.ownAddress(endpoint)
  work.progress.begin('open-ssh', `Opening ssh to ${address} and everything between the nodes.`)
  const groups = await cloud.securityGroups({ [networkIdTag]: work.networkId })
  const [group] = groups
  if (!group) {
    throw new RmadaError('CLOUD_ERROR', 'The security group of the network is not there any more.', {
      suggestion: 'Terminate the network and launch it again.'
    })
  }
  await admitOwnAddress(cloud, group, address)
}

/** Opens a group to an address before it closes it to earlier ones. Whether anything had to be changed. */
export async function admitOwnAddress(cloud: Cloud, group: SecurityGroupRecord, address: string): Promise<boolean> {
  const { authorize, revoke } = ingressChanges(group.rules, address)
  if (authorize.length > 0) await cloud.authorizeIngress(group.id, authorize)
  if (revoke.length > 0) await cloud.revokeIngress(group.id, revoke)
  return authorize.length + revoke.length > 0
}
