import type { Action, Actions } from '../action.ts'
import { badCombination, Ec2Error, notFound } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { checkIdForm, freshId } from '../protocol/ids.ts'
import { page } from '../protocol/pages.ts'
import { readRules, ruleInWords, sameRule } from '../security-rules.ts'
import { nextSequence, tagsOf, type SecurityGroupRule, type State } from '../state.ts'
import { putTags, readTagSpecifications, tagSet } from '../tagging.ts'
import { readGroup } from './security-groups.ts'

const ruleParameters = [
  'GroupId',
  'GroupName',
  'IpPermissions',
  'CidrIp',
  'FromPort',
  'ToPort',
  'IpProtocol',
  'SourceSecurityGroupName',
  'SourceSecurityGroupOwnerId'
]

/** AWS's quota of inbound rules in one group. */
const mostRules = 60

const describe = (rule: SecurityGroupRule, state: State) => ({
  securityGroupRuleId: rule.id,
  groupId: rule.groupId,
  groupOwnerId: state.accountId,
  isEgress: rule.egress,
  ipProtocol: rule.protocol,
  fromPort: rule.fromPort ?? -1,
  toPort: rule.toPort ?? -1,
  cidrIpv4: rule.peer.kind === 'ipv4' ? rule.peer.value : null,
  cidrIpv6: rule.peer.kind === 'ipv6' ? rule.peer.value : null,
  referencedGroupInfo: rule.peer.kind === 'group' ? { groupId: rule.peer.value, userId: state.accountId } : null,
  description: rule.description,
  tagSet: tagSet(tagsOf(state, rule.id))
})

const isInboundOf = (groupId: string) => (rule: SecurityGroupRule) => rule.groupId === groupId && !rule.egress

const authorizeIngress: Action = {
  accepts: [...ruleParameters, 'TagSpecification'],
  async run(parameters, context) {
    const group = readGroup(parameters, context.state)
    const wanted = readRules(parameters, context.state)
    const tags = readTagSpecifications(parameters, ['security-group-rule']).get('security-group-rule')
    const made = await context.change((draft) => {
      const present = draft.securityGroupRules.filter(isInboundOf(group.id))
      const twice = wanted.find((rule) => present.some((existing) => sameRule(existing, rule)))
      if (twice) {
        throw new Ec2Error('InvalidPermission.Duplicate', `the specified rule "${ruleInWords(twice)}" already exists`)
      }
      if (present.length + wanted.length > mostRules) {
        throw new Ec2Error(
          'RulesPerSecurityGroupLimitExceeded',
          'The maximum number of rules per security group has been reached.'
        )
      }
      return wanted.map((rule) => {
        const added = { ...rule, id: freshId('sgr'), sequence: nextSequence(draft), groupId: group.id, egress: false }
        draft.securityGroupRules.push(added)
        putTags(draft, added.id, tags)
        return added
      })
    })
    return { return: true, securityGroupRuleSet: made.map((rule) => describe(rule, context.state)) }
  }
}

const revokeIngress: Action = {
  accepts: [...ruleParameters, 'SecurityGroupRuleId'],
  async run(parameters, context) {
    const group = readGroup(parameters, context.state)
    const ids = parameters.list('SecurityGroupRuleId')
    checkIdForm(ids, 'sgr', 'InvalidSecurityGroupRuleId.Malformed')
    if (ids.length > 0 && parameters.has('IpPermissions')) {
      throw badCombination('SecurityGroupRuleId cannot be used with IpPermissions')
    }
    const wanted = ids.length > 0 ? [] : readRules(parameters, context.state)
    await context.change((draft) => {
      const present = draft.securityGroupRules.filter(isInboundOf(group.id))
      const missing = ids.filter((id) => !present.some((rule) => rule.id === id))
      if (missing.length > 0) throw notFound('InvalidSecurityGroupRuleId.NotFound', 'security group rule ID', missing)
      if (wanted.some((rule) => !present.some((existing) => sameRule(existing, rule)))) {
        throw new Ec2Error('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.')
      }
      const gone = present.filter((rule) => ids.includes(rule.id) || wanted.some((other) => sameRule(rule, other)))
      draft.securityGroupRules = draft.securityGroupRules.filter((rule) => !gone.includes(rule))
      for (const rule of gone) delete draft.tags[rule.id]
    })
    return { return: true }
  }
}

const describeRules: Action = {
  accepts: ['Filter', 'SecurityGroupRuleId', 'MaxResults', 'NextToken'],
  run(parameters, { state }) {
    const ids = parameters.list('SecurityGroupRuleId')
    checkIdForm(ids, 'sgr', 'InvalidSecurityGroupRuleId.Malformed')
    const unknown = ids.filter((id) => !state.securityGroupRules.some((rule) => rule.id === id))
    if (unknown.length > 0) throw notFound('InvalidSecurityGroupRuleId.NotFound', 'security group rule ID', unknown)
    const wanted = state.securityGroupRules.filter((rule) => ids.length === 0 || ids.includes(rule.id))
    const rules = select(
      wanted,
      readFilters(parameters),
      {
        'group-id': (rule) => rule.groupId,
        'security-group-rule-id': (rule) => rule.id
      },
      (rule) => tagsOf(state, rule.id)
    )
    const { items, nextToken } = page(parameters, rules, (rule) => rule.sequence, { least: 5, most: 1000 })
    return { securityGroupRuleSet: items.map((rule) => describe(rule, state)), nextToken }
  }
}

export const securityGroupRuleActions: Actions = {
  AuthorizeSecurityGroupIngress: authorizeIngress,
  RevokeSecurityGroupIngress: revokeIngress,
  DescribeSecurityGroupRules: describeRules
}
