import { RmadaError } from '../../core/error.ts'
import type { NetworkRecord } from '../../core/ports/index.ts'
import { instancesTag, networkIdTag, networkTag, slotsTag } from '../../core/resource-names.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Workshop } from '../launch/work.ts'
import { aliveInstances } from '../reach/connections.ts'
import type { KnownNetwork } from './registry.ts'

/**
 * Makes a network that another computer launched usable from here: with the private half of its key pair, checked
 * against the fingerprint that EC2 has, and a record from what the cloud tells. Host keys are pinned anew from the
 * consoles by the repair that follows; nothing is believed that the other computer said.
 */
export async function takeOver(workshop: Workshop, keys: KeyRing, network: KnownNetwork, file: string): Promise<void> {
  const { ports, fleet } = workshop
  const alive = aliveInstances(network)
  const [first] = alive
  const name = first?.tags[networkTag] ?? network.id
  if (network.record !== null) {
    throw new RmadaError('INVALID_INPUT', `This computer has the network ${name} already.`, {
      suggestion: 'Repair it if its services do not answer.'
    })
  }
  if (!first || first.keyName === null) {
    throw new RmadaError('NETWORK_NOT_RUNNING', `The network ${name} has no instances that could be reached with a key.`, {
      suggestion: 'Terminate it to remove what is left.'
    })
  }
  const { cloud } = (await fleet.attend(network.region)).region
  const own = { [networkIdTag]: network.id }
  const [pair, groups, placements, image, { keys: held }, signer] = await Promise.all([
    cloud.keyPairNamed(first.keyName), cloud.securityGroups(own), cloud.placementGroups(own), cloud.image(first.image),
    keys.traits(file), keys.signer(file)
  ])
  if (pair === null || !held.some(key => key.fingerprints.includes(pair.fingerprint))) {
    throw new RmadaError('KEY_MISMATCH', `The key in ${file} is not the one that the network ${name} was launched with.`, {
      suggestion: `Copy the file "key" of that network from the computer that launched it (key pair ${first.keyName}).`
    })
  }
  // Rmada's own key is copied; one that needs a passphrase or an agent stays where it is.
  const copied = signer.privateKey !== '' && signer.passphrase === undefined
  if (copied) await ports.records.savePrivateKey(network.id, signer.privateKey)
  const spots = alive.filter(one => (one.spotRequestId ?? null) !== null).length
  const record: NetworkRecord = {
    id: network.id,
    spec: {
      name, region: network.region, instances: numberIn(first.tags[instancesTag]) ?? alive.length,
      instanceType: first.type, image: first.image, user: image?.user ?? 'ec2-user', zone: first.zone,
      slotsPerHost: numberIn(first.tags[slotsTag]) ?? 1, placementGroup: placements.length > 0,
      spot: spots === 0 ? 'none' : spots === alive.length ? 'all' : 'slaves',
      ...(copied ? {} : { keyPair: pair.name, privateKeyFile: file }),
      ...(groups.length > 0 ? {} : { securityGroup: first.securityGroupIds[0] ?? null })
    },
    createdAt: first.launchedAt, clientToken: `rmada-${network.id}`, hostKeys: {}, configured: true, failure: null,
    terminating: false
  }
  await fleet.save(record)
  fleet.registry.change(network.id, { keyHere: true, failure: null })
}

function numberIn(text: string | undefined): number | null {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : null
}
