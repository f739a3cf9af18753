import type { Filter } from '@aws-sdk/client-ec2'
import type { Cloud, IngressRule, SecurityGroupRecord, Tags } from '../../core/ports/index.ts'
import { ec2Code } from './errors.ts'
import { createOrFind, goneIsFine } from './forgiving.ts'
import { fromPermission, toPermission } from './rules.ts'
import type { Session } from './session.ts'
import { fromTags, literally, tagging, withTags } from './tags.ts'

type Verbs = Pick<
  Cloud,
  | 'createSecurityGroup'
  | 'authorizeIngress'
  | 'revokeIngress'
  | 'securityGroups'
  | 'securityGroup'
  | 'deleteSecurityGroup'
>

/** EC2 refuses a list of rules whole when one of them is there (or gone) already: then they go one by one. */
async function eachRule(
  codes: RegExp,
  rules: readonly IngressRule[],
  change: (rules: readonly IngressRule[]) => Promise<unknown>
) {
  if (rules.length === 0) return
  try {
    await change(rules)
  } catch (error) {
    if (!codes.test(ec2Code(error))) throw error
    if (rules.length > 1) for (const rule of rules) await eachRule(codes, [rule], change)
  }
}

/** Security groups: who may reach the instances of a network. */
export function securityGroupVerbs({ call, patiently, patience }: Session): Verbs {
  const describe = (Filters: Filter[]): Promise<SecurityGroupRecord[]> =>
    call('DescribeSecurityGroups', async (client, { paginateDescribeSecurityGroups }) => {
      const groups: SecurityGroupRecord[] = []
      for await (const page of paginateDescribeSecurityGroups(
        { client, pageSize: 1000 },
        { Filters }
      )) {
        for (const { GroupId: id = '', GroupName, VpcId, Tags: theirs, IpPermissions } of page.SecurityGroups ?? []) {
          groups.push({
            id,
            name: GroupName ?? '',
            vpcId: VpcId ?? '',
            tags: fromTags(theirs),
            rules: (IpPermissions ?? []).flatMap((permission) => fromPermission(id, permission))
          })
        }
      }
      return groups
    })

  const securityGroups = (tags: Tags) => describe(withTags(tags))

  return {
    securityGroups,
    securityGroup: async (id) =>
      (await describe([{ Name: 'group-id', Values: [literally(id)] }])).find((group) => group.id === id) ?? null,
    async createSecurityGroup({ name, description, vpcId, tags }) {
      const group = await createOrFind(
        name,
        tags,
        /^InvalidGroup\.Duplicate$/,
        async () => {
          const { GroupId } = await call('CreateSecurityGroup', (client, { CreateSecurityGroupCommand }) =>
            client.send(
              new CreateSecurityGroupCommand({
                GroupName: name,
                Description: description,
                VpcId: vpcId,
                TagSpecifications: tagging(tags, 'security-group')
              })
            )
          )
          return { id: GroupId ?? '', name, vpcId, tags, rules: [] }
        },
        async () => (await securityGroups(tags)).filter((found) => found.vpcId === vpcId)
      )
      return group.id
    },
    authorizeIngress: (groupId, rules) =>
      patiently(/^InvalidGroup\.NotFound$/, patience.notYetKnown, () =>
        eachRule(/^InvalidPermission\.Duplicate$/, rules, (some) =>
          call('AuthorizeSecurityGroupIngress', (client, { AuthorizeSecurityGroupIngressCommand }) =>
            client.send(
              new AuthorizeSecurityGroupIngressCommand({
                GroupId: groupId,
                IpPermissions: some.map((rule) => toPermission(groupId, rule))
              })
            )
          )
        )
      ),
    revokeIngress: (groupId, rules) =>
      eachRule(/^InvalidPermission\.NotFound$/, rules, (some) =>
        call('RevokeSecurityGroupIngress', (client, { RevokeSecurityGroupIngressCommand }) =>
          client.send(
            new RevokeSecurityGroupIngressCommand({
              GroupId: groupId,
              IpPermissions: some.map((rule) => toPermission(groupId, rule))
            })
          )
        )
      ),
    deleteSecurityGroup: (id) =>
      goneIsFine(/^InvalidGroup(Id)?\.NotFound$/, () =>
        patiently(/^(DependencyViolation|InvalidGroup\.InUse)$/, patience.inUse, () =>
          call('DeleteSecurityGroup', (client, { DeleteSecurityGroupCommand }) =>
            client.send(new DeleteSecurityGroupCommand({ GroupId: id }))
          )
        )
      )
  }
}
