import type { Tags } from './tags.ts'

/** A key pair as EC2 describes it. */
export interface KeyPairRecord {
  readonly id: string
  readonly name: string
  readonly fingerprint: string
  /** As an OpenSSH line, where it was asked for and the cloud tells it. */
  readonly publicKey?: string | null
  readonly tags: Tags
}

/** One inbound rule: from an address range, or from the members of the group itself (`self`). Port null: all. */
export interface IngressRule {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all'
  readonly port: number | null
  readonly from: { readonly cidr: string } | 'self'
  readonly description: string
}
export interface SecurityGroupRecord {
  readonly id: string; readonly name: string; readonly vpcId: string; readonly tags: Tags; readonly rules: readonly IngressRule[]
}
