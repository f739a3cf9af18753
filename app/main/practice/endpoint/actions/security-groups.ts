import type { Action, Actions } from '../action.ts'
import { outwardRule } from '../first-state.ts'
import { Ec2Error, invalidValue, missingParameter, notFound } from '../protocol/error.ts'
import { readFilters, select, type FilterFields } from '../protocol/filters.ts'
import { freshId } from '../protocol/ids.ts'
import { page } from '../protocol/pages.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { groupById, groupByName } from '../security-rules.ts'
import { nextSequence, tagsOf, type SecurityGroup, type SecurityGroupRule, type State } from '../state.ts'
import { putTags, readTagSpecifications, tagSet } from '../tagging.ts'

const allowed = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/

const createSecurityGroup: Action = {
  accepts: ['GroupDescription', 'GroupName', 'VpcId', 'TagSpecification'],
  async run(parameters, context) {
    const name = parameters.required('GroupName')
    const description = parameters.required('GroupDescription')
    if (!allowed.test(name) || /^sg-/i.test(name)) {
      throw invalidValue(
        name,
        'GroupName',
        'Character sets beyond ASCII, and names that begin with sg-, are not supported.'
      )
    }
    if (!allowed.test(description)) {
      throw invalidValue(description, 'GroupDescription', 'Character sets beyond ASCII are not supported.')
    }
    const vpcId = parameters.text('VpcId') ?? context.state.vpc.id
    if (vpcId !== context.state.vpc.id) throw notFound('InvalidVpcID.NotFound', 'vpc ID', [vpcId])
    const tags = readTagSpecifications(parameters, ['security-group']).get('security-group')
    const id = await context.change((draft) => {
      if (draft.securityGroups.some((group) => group.name === name)) {
        throw new Ec2Error('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`)
      }
      const group = { id: freshId('sg'), sequence: nextSequence(draft), name, description }
      draft.securityGroups.push(group)
      draft.securityGroupRules.push(outwardRule(draft, group.id))
      putTags(draft, group.id, tags)
      return group.id
    })
    return { return: true, groupId: id, tagSet: tagSet(tags ?? {}) }
  }
}

/** The group that a request names by id or, in the default VPC, by name. */
export function readGroup(parameters: Parameters, state: State): SecurityGroup {
  const id = parameters.text('GroupId')
  const name = parameters.text('GroupName')
  if (id === undefined && name === undefined) throw missingParameter('GroupId or GroupName')
  return id === undefined ? groupByName(state, name ?? '') : groupById(state, id)
}

/** Instances and rules of other groups that still name the group keep it from being deleted. */
const deleteSecurityGroup: Action = {
  accepts: ['GroupId', 'GroupName'],
  async run(parameters, context) {
    const { id } = readGroup(parameters, context.state)
    await context.change((draft) => {
      const group = groupById(draft, id)
      if (id === draft.defaultSecurityGroupId) {
        throw new Ec2Error(
          'CannotDelete',
          `the specified group: "${id}" name: "${group.name}" cannot be deleted by a user`
        )
      }
      const used = draft.instances.some(
        (instance) => instance.state !== 'terminated' && instance.securityGroupIds.includes(id)
      )
      const named = draft.securityGroupRules.some((rule) => rule.groupId !== id && rule.peer.value === id)
      if (used || named) throw new Ec2Error('DependencyViolation', `resource ${id} has a dependent object`)
      for (const rule of draft.securityGroupRules) if (rule.groupId === id) delete draft.tags[rule.id]
      draft.securityGroupRules = draft.securityGroupRules.filter((rule) => rule.groupId !== id)
      draft.securityGroups = draft.securityGroups.filter((other) => other !== group)
      delete draft.tags[id]
    })
    return { return: true }
  }
}

/** Rules of the same protocol and ports stand together, as DescribeSecurityGroups shows them. */
function permissions(rules: readonly SecurityGroupRule[], accountId: string) {
  const together = Map.groupBy(rules, (rule) => `${rule.protocol} ${rule.fromPort} ${rule.toPort}`)
  return [...together.values()].map((group) => {
    const ofKind = (kind: SecurityGroupRule['peer']['kind']) => group.filter((rule) => rule.peer.kind === kind)
    return {
      ipProtocol: group[0]?.protocol,
      fromPort: group[0]?.fromPort,
      toPort: group[0]?.toPort,
      groups: ofKind('group').map((rule) => ({
        userId: accountId,
        groupId: rule.peer.value,
        description: rule.description
      })),
      ipRanges: ofKind('ipv4').map((rule) => ({ cidrIp: rule.peer.value, description: rule.description })),
      ipv6Ranges: ofKind('ipv6').map((rule) => ({ cidrIpv6: rule.peer.value, description: rule.description })),
      prefixListIds: []
    }
  })
}

function filterFields(state: State): FilterFields<SecurityGroup> {
  const rulesOf = (group: SecurityGroup, egress: boolean) =>
    state.securityGroupRules.filter((rule) => rule.groupId === group.id && rule.egress === egress)
  const ofDirection = (prefix: string, egress: boolean): FilterFields<SecurityGroup> => {
    const peers = (kind: SecurityGroupRule['peer']['kind']) => (group: SecurityGroup) =>
      rulesOf(group, egress)
        .filter((rule) => rule.peer.kind === kind)
        .map((rule) => rule.peer.value)
    return {
      [`${prefix}cidr`]: peers('ipv4'),
      [`${prefix}ipv6-cidr`]: peers('ipv6'),
      [`${prefix}group-id`]: peers('group'),
      [`${prefix}group-name`]: (group) => peers('group')(group).map((id) => groupById(state, id).name),
      [`${prefix}protocol`]: (group) => rulesOf(group, egress).map((rule) => rule.protocol),
      [`${prefix}from-port`]: (group) =>
        rulesOf(group, egress).flatMap((rule) => (rule.fromPort === null ? [] : String(rule.fromPort))),
      [`${prefix}to-port`]: (group) =>
        rulesOf(group, egress).flatMap((rule) => (rule.toPort === null ? [] : String(rule.toPort)))
    }
  }
  return {
    'group-id': (group) => group.id,
    'group-name': (group) => group.name,
    description: (group) => group.description,
    'vpc-id': () => state.vpc.id,
    'owner-id': () => state.accountId,
    ...ofDirection('ip-permission.', false),
    ...ofDirection('egress.ip-permission.', true)
  }
}

const describeSecurityGroups: Action = {
  accepts: ['Filter', 'GroupId', 'GroupName', 'MaxResults', 'NextToken'],
  run(parameters, { state }) {
    const named = [
      ...parameters.list('GroupId').map((id) => groupById(state, id)),
      ...parameters.list('GroupName').map((name) => groupByName(state, name))
    ]
    const wanted = state.securityGroups.filter((group) => named.length === 0 || named.includes(group))
    const groups = select(wanted, readFilters(parameters), filterFields(state), (group) => tagsOf(state, group.id))
    const { items, nextToken } = page(parameters, groups, (group) => group.sequence, { least: 5, most: 1000 })
    return {
      securityGroupInfo: items.map((group) => {
        const rules = state.securityGroupRules.filter((rule) => rule.groupId === group.id)
        return {
          groupId: group.id,
          groupName: group.name,
          groupDescription: group.description,
          ownerId: state.accountId,
          vpcId: state.vpc.id,
          ipPermissions: permissions(
            rules.filter((rule) => !rule.egress),
            state.accountId
          ),
          ipPermissionsEgress: permissions(
            rules.filter((rule) => rule.egress),
            state.accountId
          ),
          tagSet: tagSet(tagsOf(state, group.id))
        }
      }),
      nextToken
    }
  }
}

export const securityGroupActions: Actions = {
  CreateSecurityGroup: createSecurityGroup,
  DescribeSecurityGroups: describeSecurityGroups,
  DeleteSecurityGroup: deleteSecurityGroup
}
