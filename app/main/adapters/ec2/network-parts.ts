import type { Cloud, IngressRule, KeyPairRecord, PlacementGroupRecord, SecurityGroupRecord, Tags } from '../../core/ports/index.ts'
import { ec2Code } from './errors.ts'
import { fromPermission, toPermission } from './rules.ts'
import type { Session } from './session.ts'
import { carries, fromTags, tagging, withTags } from './tags.ts'

type Parts = Pick<Cloud,
  'importKeyPair' | 'keyPairs' | 'deleteKeyPair' | 'createSecurityGroup' | 'authorizeIngress' | 'revokeIngress'
  | 'securityGroups' | 'deleteSecurityGroup' | 'createPlacementGroup' | 'placementGroups' | 'deletePlacementGroup'>

/** Lets a delete of something that is gone succeed. */
async function goneIsFine(codes: RegExp, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!codes.test(ec2Code(error))) throw error
  }
}

/**
 * A creation whose answer was lost is tried again by the SDK and then finds the name taken, by itself. What carries
 * exactly our tags is ours; anything else keeps the error.
 */
async function createOrFind<T extends { readonly name: string; readonly tags: Tags }>(
  name: string, tags: Tags, taken: RegExp, create: () => Promise<T>, find: () => Promise<readonly T[]>
): Promise<T> {
  try {
    return await create()
  } catch (error) {
    if (!taken.test(ec2Code(error))) throw error
    const ours = (await find()).find((thing) => thing.name === name && carries(thing.tags, tags))
    if (!ours) throw error
    return ours
  }
}

/** EC2 refuses a list of rules whole when one of them is there (or gone) already: then they go one by one. */
async function eachRule(codes: RegExp, rules: readonly IngressRule[], change: (rules: readonly IngressRule[]) => Promise<unknown>) {
  if (rules.length === 0) return
  try {
    await change(rules)
  } catch (error) {
    if (!codes.test(ec2Code(error))) throw error
    if (rules.length > 1) for (const rule of rules) await eachRule(codes, [rule], change)
  }
}

/** Key pairs, security groups and placement groups: what a network creates beside its instances. */
export function networkParts(session: Session): Parts {
  const { call, patiently, patience } = session

  const keyPairs = async (tags: Tags): Promise<KeyPairRecord[]> => {
    const { KeyPairs } = await call('DescribeKeyPairs', (client, { DescribeKeyPairsCommand }) =>
      client.send(new DescribeKeyPairsCommand({ Filters: withTags(tags) })))
    return (KeyPairs ?? []).map((pair) => ({
      id: pair.KeyPairId ?? '', name: pair.KeyName ?? '', fingerprint: pair.KeyFingerprint ?? '', tags: fromTags(pair.Tags)
    }))
  }
  const securityGroups = (tags: Tags): Promise<SecurityGroupRecord[]> =>
    call('DescribeSecurityGroups', async (client, { paginateDescribeSecurityGroups }) => {
      const groups: SecurityGroupRecord[] = []
      for await (const page of paginateDescribeSecurityGroups({ client, pageSize: 1000 }, { Filters: withTags(tags) })) {
        for (const { GroupId: id = '', GroupName, VpcId, Tags: theirs, IpPermissions } of page.SecurityGroups ?? []) {
          groups.push({
            id, name: GroupName ?? '', vpcId: VpcId ?? '', tags: fromTags(theirs),
            rules: (IpPermissions ?? []).flatMap((permission) => fromPermission(id, permission))
          })
        }
      }
      return groups
    })
  const placementGroups = async (tags: Tags): Promise<PlacementGroupRecord[]> => {
    const { PlacementGroups } = await call('DescribePlacementGroups', (client, { DescribePlacementGroupsCommand }) =>
      client.send(new DescribePlacementGroupsCommand({ Filters: withTags(tags) })))
    return (PlacementGroups ?? []).map((group) => ({
      id: group.GroupId ?? '', name: group.GroupName ?? '', tags: fromTags(group.Tags)
    }))
  }

  return {
    keyPairs,
    securityGroups,
    placementGroups,
    importKeyPair: ({ name, publicKey, tags }) => createOrFind(name, tags, /^InvalidKeyPair\.Duplicate$/, async () => {
      const pair = await call('ImportKeyPair', (client, { ImportKeyPairCommand }) => client.send(new ImportKeyPairCommand({
        KeyName: name, PublicKeyMaterial: Buffer.from(publicKey), TagSpecifications: tagging(tags, 'key-pair')
      })))
      return { id: pair.KeyPairId ?? '', name: pair.KeyName ?? name, fingerprint: pair.KeyFingerprint ?? '', tags }
    }, () => keyPairs(tags)),
    deleteKeyPair: (id) => goneIsFine(/^InvalidKeyPair\.NotFound$/, () => call('DeleteKeyPair', (client, { DeleteKeyPairCommand }) =>
      client.send(new DeleteKeyPairCommand({ KeyPairId: id })))),

    async createSecurityGroup({ name, description, vpcId, tags }) {
      const group = await createOrFind(name, tags, /^InvalidGroup\.Duplicate$/, async () => {
        const { GroupId } = await call('CreateSecurityGroup', (client, { CreateSecurityGroupCommand }) =>
          client.send(new CreateSecurityGroupCommand({
            GroupName: name, Description: description, VpcId: vpcId, TagSpecifications: tagging(tags, 'security-group')
          })))
        return { id: GroupId ?? '', name, vpcId, tags, rules: [] }
      }, async () => (await securityGroups(tags)).filter((found) => found.vpcId === vpcId))
      return group.id
    },
    authorizeIngress: (groupId, rules) => patiently(/^InvalidGroup\.NotFound$/, patience.notYetKnown, () =>
      eachRule(/^InvalidPermission\.Duplicate$/, rules, (some) => call('AuthorizeSecurityGroupIngress',
        (client, { AuthorizeSecurityGroupIngressCommand }) => client.send(new AuthorizeSecurityGroupIngressCommand({
          GroupId: groupId, IpPermissions: some.map((rule) => toPermission(groupId, rule))
        }))))),
    revokeIngress: (groupId, rules) => eachRule(/^InvalidPermission\.NotFound$/, rules, (some) =>
      call('RevokeSecurityGroupIngress', (client, { RevokeSecurityGroupIngressCommand }) =>
        client.send(new RevokeSecurityGroupIngressCommand({
          GroupId: groupId, IpPermissions: some.map((rule) => toPermission(groupId, rule))
        })))),
    deleteSecurityGroup: (id) => goneIsFine(/^InvalidGroup(Id)?\.NotFound$/, () =>
      patiently(/^(DependencyViolation|InvalidGroup\.InUse)$/, patience.inUse, () =>
        call('DeleteSecurityGroup', (client, { DeleteSecurityGroupCommand }) =>
          client.send(new DeleteSecurityGroupCommand({ GroupId: id }))))),

    createPlacementGroup: ({ name, tags }) => createOrFind(name, tags, /^InvalidPlacementGroup\.Duplicate$/, async () => {
      const { PlacementGroup } = await call('CreatePlacementGroup', (client, { CreatePlacementGroupCommand }) =>
        client.send(new CreatePlacementGroupCommand({
          GroupName: name, Strategy: 'cluster', TagSpecifications: tagging(tags, 'placement-group')
        })))
      return { id: PlacementGroup?.GroupId ?? '', name, tags }
    }, () => placementGroups(tags)),
    deletePlacementGroup: (name) => goneIsFine(/^InvalidPlacementGroup\.Unknown$/, () =>
      patiently(/^InvalidPlacementGroup\.InUse$/, patience.inUse, () =>
        call('DeletePlacementGroup', (client, { DeletePlacementGroupCommand }) =>
          client.send(new DeletePlacementGroupCommand({ GroupName: name })))))
  }
}
