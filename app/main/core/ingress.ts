import type { IngressRule } from './ports/cloud.ts'

const sshDescription = 'ssh from the computer that runs Rmada'
const insideDescription = 'everything between the nodes of the network'

/** The inbound rules of a network: ssh from the user's own address alone, everything between its own nodes. */
export function ingressRules(ownAddress: string): readonly IngressRule[] {
  return [
    { protocol: 'tcp', port: 22, from: { cidr: ownAddress }, description: sshDescription },
    { protocol: 'all', port: null, from: 'self', description: insideDescription }
  ]
}

/**
 * What to change so that a group lets in today's address and no earlier one. Rules without our description are the
 * user's own and stay.
 */
export function ingressChanges(present: readonly IngressRule[], ownAddress: string): {
  readonly authorize: readonly IngressRule[]; readonly revoke: readonly IngressRule[]
} {
  const wanted = ingressRules(ownAddress)
  return {
    authorize: wanted.filter(rule => !present.some(other => sameRule(rule, other))),
    revoke: present.filter(rule => rule.description === sshDescription && !wanted.some(other => sameRule(rule, other)))
  }
}

function sameRule(a: IngressRule, b: IngressRule): boolean {
  const source = (rule: IngressRule) => rule.from === 'self' ? 'self' : rule.from.cidr
  return a.protocol === b.protocol && a.port === b.port && source(a) === source(b)
}
