import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBoto3, type Boto3, type Parsed } from './boto3.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

let cloud: TemporaryPractice
let boto3: Boto3
let folder: string

beforeAll(async () => {
  cloud = await temporaryPractice()
  boto3 = startBoto3(cloud.practice)
  folder = mkdtempSync(join(tmpdir(), 'rmada-keys-'))
})
afterAll(async () => {
  await boto3.close()
  await cloud.end()
  rmSync(folder, { recursive: true, force: true })
})

/** A key pair made by OpenSSH itself, and what OpenSSH says of a key. */
function opensshKey(type: string, name: string) {
  const file = join(folder, name)
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'somebody@somewhere', '-f', file])
  return { file, publicKey: readFileSync(`${file}.pub`, 'utf8') }
}
const fingerprint = (file: string) =>
  /SHA256:(\S+)/.exec(execFileSync('ssh-keygen', ['-l', '-E', 'sha256', '-f', file]).toString())?.[1]

const tags = (ResourceType: string, Tags: object[]) => [{ ResourceType, Tags }]

describe('key pairs', () => {
  it('imports ed25519 and shows the fingerprint that OpenSSH shows', async () => {
    const { file, publicKey } = opensshKey('ed25519', 'ed')
    const imported = await boto3.call('import_key_pair', {
      KeyName: 'mine',
      PublicKeyMaterial: publicKey,
      TagSpecifications: tags('key-pair', [{ Key: 'for', Value: 'R & <MPI>' }])
    })
    expect(imported.KeyFingerprint).toBe(`${fingerprint(file)}=`)
    expect(imported.KeyPairId).toMatch(/^key-[0-9a-f]{17}$/)

    const { KeyPairs } = await boto3.call('describe_key_pairs', { KeyNames: ['mine'], IncludePublicKey: true })
    expect(KeyPairs).toEqual([
      expect.objectContaining({
        KeyPairId: imported.KeyPairId,
        KeyType: 'ed25519',
        Tags: [{ Key: 'for', Value: 'R & <MPI>' }],
        PublicKey: `${publicKey.split(' ').slice(0, 2).join(' ')} mine`
      })
    ])
    expect(Date.parse(KeyPairs[0].CreateTime)).toBeGreaterThan(Date.now() - 60_000)
  })

  it('imports RSA with the MD5 of its public key', async () => {
    const { file, publicKey } = opensshKey('rsa', 'rsa')
    const imported = await boto3.call('import_key_pair', { KeyName: 'old', PublicKeyMaterial: publicKey })
    const pem = execFileSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', `${file}.pub`]).toString()
    const md5 = createHash('md5')
      .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
      .digest('hex')
    expect(imported.KeyFingerprint.replaceAll(':', '')).toBe(md5)
    expect(imported.KeyFingerprint).toMatch(/^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/)
  })

  it.each(['rsa', 'ed25519'])('creates %s keys whose private half OpenSSH reads', async (type) => {
    const made = await boto3.call('create_key_pair', { KeyName: `made-${type}`, KeyType: type })
    const file = join(folder, `made-${type}`)
    writeFileSync(file, made.KeyMaterial, { mode: 0o600 })
    const ours = execFileSync('ssh-keygen', ['-y', '-f', file]).toString().split(' ').slice(0, 2).join(' ').trim()
    const { KeyPairs } = await boto3.call('describe_key_pairs', {
      KeyPairIds: [made.KeyPairId],
      IncludePublicKey: true
    })
    expect(KeyPairs[0]).toMatchObject({
      KeyType: type,
      KeyFingerprint: made.KeyFingerprint,
      PublicKey: `${ours} made-${type}`
    })
    expect(made.KeyMaterial).toMatch(
      type === 'rsa' ? /^-----BEGIN RSA PRIVATE KEY-----/ : /^-----BEGIN OPENSSH PRIVATE KEY-----/
    )
  })

  it('refuses bad keys, taken names and unknown names', async () => {
    expect(await boto3.refusal('import_key_pair', { KeyName: 'x', PublicKeyMaterial: 'no key' })).toEqual({
      code: 'InvalidKey.Format',
      status: 400,
      message: 'Key is not in valid OpenSSH public key format'
    })
    const { publicKey } = opensshKey('ecdsa', 'ec')
    expect(await boto3.refusal('import_key_pair', { KeyName: 'x', PublicKeyMaterial: publicKey })).toMatchObject({
      code: 'InvalidKey.Format'
    })
    expect(await boto3.refusal('create_key_pair', { KeyName: 'mine' })).toMatchObject({
      code: 'InvalidKeyPair.Duplicate',
      message: "The keypair 'mine' already exists."
    })
    expect(await boto3.refusal('create_key_pair', {})).toMatchObject({
      code: 'MissingParameter',
      message: 'The request must contain the parameter KeyName'
    })
    expect(await boto3.refusal('create_key_pair', { KeyName: 'y', KeyType: 'dsa' })).toMatchObject({
      code: 'InvalidParameterValue'
    })
    expect(await boto3.refusal('describe_key_pairs', { KeyNames: ['nobody'] })).toMatchObject({
      code: 'InvalidKeyPair.NotFound',
      message: "The key pair 'nobody' does not exist"
    })
  })

  it('changes nothing on a dry run', async () => {
    expect(await boto3.refusal('create_key_pair', { KeyName: 'dry', DryRun: true })).toEqual({
      code: 'DryRunOperation',
      status: 412,
      message: 'Request would have succeeded, but DryRun flag is set.'
    })
    expect(await boto3.refusal('create_key_pair', { KeyName: 'mine', DryRun: true })).toMatchObject({
      code: 'DryRunOperation'
    })
    expect(await boto3.refusal('describe_key_pairs', { KeyNames: ['dry'] })).toMatchObject({
      code: 'InvalidKeyPair.NotFound'
    })
    expect(await boto3.refusal('describe_key_pairs', { DryRun: true })).toMatchObject({ code: 'DryRunOperation' })
  })

  it('deletes by name and by id, and what is gone already', async () => {
    await boto3.call('delete_key_pair', { KeyName: 'old' })
    await boto3.call('delete_key_pair', { KeyName: 'old' })
    const { KeyPairs } = await boto3.call('describe_key_pairs', { Filters: [{ Name: 'tag:for', Values: ['R*'] }] })
    await boto3.call('delete_key_pair', { KeyPairId: KeyPairs[0].KeyPairId })
    const rest = await boto3.call('describe_key_pairs')
    expect(rest.KeyPairs.map((pair: Parsed) => pair.KeyName).sort()).toEqual(['made-ed25519', 'made-rsa'])
    expect(await boto3.refusal('delete_key_pair', {})).toMatchObject({ code: 'MissingParameter' })
  })
})

describe('security groups', () => {
  const ssh = (cidr: string) => ({
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    IpRanges: [{ CidrIp: cidr, Description: 'own address' }]
  })
  let groupId: string

  it('has the default group, which nobody deletes', async () => {
    const { SecurityGroups } = await boto3.call('describe_security_groups', { GroupNames: ['default'] })
    expect(SecurityGroups[0]).toMatchObject({
      Description: 'default VPC security group',
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: SecurityGroups[0].GroupId }] }],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
    })
    expect(await boto3.refusal('delete_security_group', { GroupId: SecurityGroups[0].GroupId })).toMatchObject({
      code: 'CannotDelete'
    })
  })

  it('creates one, in the default VPC or in the one named', async () => {
    const { Vpcs } = await boto3.call('describe_vpcs')
    const made = await boto3.call('create_security_group', {
      GroupName: 'net',
      Description: 'A network',
      VpcId: Vpcs[0].VpcId,
      TagSpecifications: tags('security-group', [{ Key: 'rmada:network', Value: 'a' }])
    })
    groupId = made.GroupId
    expect(made.Tags).toEqual([{ Key: 'rmada:network', Value: 'a' }])
    const { SecurityGroups } = await boto3.call('describe_security_groups', {
      Filters: [{ Name: 'tag:rmada:network', Values: ['a'] }]
    })
    expect(SecurityGroups).toEqual([
      expect.objectContaining({ GroupId: groupId, VpcId: Vpcs[0].VpcId, IpPermissions: [] })
    ])
    expect(await boto3.refusal('create_security_group', { GroupName: 'net', Description: 'again' })).toMatchObject({
      code: 'InvalidGroup.Duplicate',
      message: `The security group 'net' already exists for VPC '${Vpcs[0].VpcId}'`
    })
    expect(await boto3.refusal('create_security_group', { GroupName: 'sg-mine', Description: 'x' })).toMatchObject({
      code: 'InvalidParameterValue'
    })
    expect(await boto3.refusal('create_security_group', { GroupName: 'n' })).toMatchObject({ code: 'MissingParameter' })
    expect(
      await boto3.refusal('create_security_group', { GroupName: 'n', Description: 'x', VpcId: 'vpc-00000000000000000' })
    ).toMatchObject({ code: 'InvalidVpcID.NotFound' })
  })

  it('lets traffic in, from addresses and from itself', async () => {
    const authorized = await boto3.call('authorize_security_group_ingress', {
      GroupId: groupId,
      IpPermissions: [ssh('192.0.2.77/32'), { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: groupId }] }],
      TagSpecifications: tags('security-group-rule', [{ Key: 'k', Value: 'v' }])
    })
    expect(authorized.Return).toBe(true)
    expect(authorized.SecurityGroupRules).toEqual([
      expect.objectContaining({
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        CidrIpv4: '192.0.2.77/32',
        IsEgress: false,
        Description: 'own address'
      }),
      expect.objectContaining({
        IpProtocol: '-1',
        FromPort: -1,
        ToPort: -1,
        ReferencedGroupInfo: expect.objectContaining({ GroupId: groupId })
      })
    ])
    // Short form, with host bits that EC2 cuts off, to the same port: it stands with the first.
    await boto3.call('authorize_security_group_ingress', {
      GroupId: groupId,
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '198.51.100.9/24'
    })
    const { SecurityGroups } = await boto3.call('describe_security_groups', { GroupIds: [groupId] })
    expect(SecurityGroups[0].IpPermissions).toEqual([
      expect.objectContaining({
        FromPort: 22,
        IpRanges: [{ CidrIp: '192.0.2.77/32', Description: 'own address' }, { CidrIp: '198.51.100.0/24' }]
      }),
      expect.objectContaining({
        IpProtocol: '-1',
        UserIdGroupPairs: [{ GroupId: groupId, UserId: expect.any(String) }]
      })
    ])
    const rules = await boto3.call('describe_security_group_rules', {
      Filters: [
        { Name: 'group-id', Values: [groupId] },
        { Name: 'tag:k', Values: ['v'] }
      ]
    })
    expect(rules.SecurityGroupRules.map((rule: Parsed) => rule.IpProtocol)).toEqual(['tcp', '-1'])
    const found = await boto3.call('describe_security_groups', {
      Filters: [{ Name: 'ip-permission.cidr', Values: ['192.0.2.*'] }]
    })
    expect(found.SecurityGroups.map((group: Parsed) => group.GroupId)).toEqual([groupId])
  })

  it('refuses rules twice, malformed and for unknown groups', async () => {
    const refused = (permission: object) =>
      boto3.refusal('authorize_security_group_ingress', { GroupId: groupId, IpPermissions: [permission] })
    expect(await refused(ssh('192.0.2.77/32'))).toMatchObject({
      code: 'InvalidPermission.Duplicate',
      message: 'the specified rule "peer: 192.0.2.77/32, TCP, from port: 22, to port: 22, ALLOW" already exists'
    })
    expect(await refused(ssh('192.0.2.77/33'))).toMatchObject({
      code: 'InvalidParameterValue',
      message: 'CIDR block 192.0.2.77/33 is malformed'
    })
    expect(await refused({ ...ssh('10.0.0.0/8'), ToPort: 21 })).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await refused({ ...ssh('10.0.0.0/8'), ToPort: 65536 })).toMatchObject({ code: 'InvalidParameterValue' })
    expect(await refused({ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0/8' }] })).toMatchObject({
      code: 'InvalidParameterValue'
    })
    expect(await refused({ ...ssh('10.0.0.0/8'), IpProtocol: 'carrier-pigeon' })).toMatchObject({
      code: 'InvalidParameterValue'
    })
    expect(await refused({ IpProtocol: 'tcp', FromPort: 1, ToPort: 2 })).toMatchObject({ code: 'MissingParameter' })
    expect(
      await boto3.refusal('authorize_security_group_ingress', {
        GroupId: 'sg-00000000000000000',
        IpPermissions: [ssh('10.0.0.0/8')]
      })
    ).toMatchObject({
      code: 'InvalidGroup.NotFound',
      message: "The security group 'sg-00000000000000000' does not exist"
    })
    expect(await boto3.refusal('describe_security_groups', { GroupIds: ['net'] })).toMatchObject({
      code: 'InvalidGroupId.Malformed'
    })
  })

  it('takes rules back, by what they say and by their ids', async () => {
    expect(
      (await boto3.call('revoke_security_group_ingress', { GroupId: groupId, IpPermissions: [ssh('192.0.2.77/32')] }))
        .Return
    ).toBe(true)
    expect(
      await boto3.refusal('revoke_security_group_ingress', { GroupId: groupId, IpPermissions: [ssh('192.0.2.77/32')] })
    ).toMatchObject({
      code: 'InvalidPermission.NotFound',
      message: 'The specified rule does not exist in this security group.'
    })
    const { SecurityGroupRules } = await boto3.call('describe_security_group_rules', {
      Filters: [{ Name: 'group-id', Values: [groupId] }]
    })
    const inbound = SecurityGroupRules.filter((rule: Parsed) => !rule.IsEgress && rule.CidrIpv4)
    await boto3.call('revoke_security_group_ingress', {
      GroupId: groupId,
      SecurityGroupRuleIds: inbound.map((rule: Parsed) => rule.SecurityGroupRuleId)
    })
    const { SecurityGroups } = await boto3.call('describe_security_groups', { GroupIds: [groupId] })
    expect(SecurityGroups[0].IpPermissions.map((permission: Parsed) => permission.IpProtocol)).toEqual(['-1'])
  })

  it('keeps a group that another one names, until the rule goes', async () => {
    const other = await boto3.call('create_security_group', { GroupName: 'other', Description: 'names the first' })
    const naming = {
      GroupId: other.GroupId,
      IpPermissions: [{ IpProtocol: 'udp', FromPort: 1, ToPort: 9, UserIdGroupPairs: [{ GroupId: groupId }] }]
    }
    await boto3.call('authorize_security_group_ingress', naming)
    expect(await boto3.refusal('delete_security_group', { GroupId: groupId })).toMatchObject({
      code: 'DependencyViolation',
      message: `resource ${groupId} has a dependent object`
    })
    await boto3.call('revoke_security_group_ingress', naming)
    await boto3.call('delete_security_group', { GroupId: groupId })
    await boto3.call('delete_security_group', { GroupName: 'other' })
    expect(await boto3.refusal('delete_security_group', { GroupId: groupId })).toMatchObject({
      code: 'InvalidGroup.NotFound'
    })
    const left = await boto3.call('describe_security_groups')
    expect(left.SecurityGroups.map((group: Parsed) => group.GroupName)).toEqual(['default'])
  })
})

describe('placement groups', () => {
  it('creates, shows and deletes them', async () => {
    const { PlacementGroup } = await boto3.call('create_placement_group', {
      GroupName: 'close',
      Strategy: 'cluster',
      TagSpecifications: tags('placement-group', [{ Key: 'n', Value: '1' }])
    })
    expect(PlacementGroup).toMatchObject({
      GroupName: 'close',
      Strategy: 'cluster',
      State: 'available',
      Tags: [{ Key: 'n', Value: '1' }]
    })
    await boto3.call('create_placement_group', { GroupName: 'parts', Strategy: 'partition', PartitionCount: 3 })
    const { PlacementGroups } = await boto3.call('describe_placement_groups', {
      Filters: [{ Name: 'strategy', Values: ['partition'] }]
    })
    expect(PlacementGroups).toEqual([expect.objectContaining({ GroupName: 'parts', PartitionCount: 3 })])
    expect(await boto3.refusal('create_placement_group', { GroupName: 'close', Strategy: 'cluster' })).toMatchObject({
      code: 'InvalidPlacementGroup.Duplicate',
      message: "The Placement Group 'close' already exists."
    })
    expect(await boto3.refusal('create_placement_group', { GroupName: 'x', Strategy: 'heap' })).toMatchObject({
      code: 'InvalidParameterValue'
    })
    await boto3.call('delete_placement_group', { GroupName: 'close' })
    expect(await boto3.refusal('delete_placement_group', { GroupName: 'close' })).toMatchObject({
      code: 'InvalidPlacementGroup.Unknown',
      message: "The Placement Group 'close' is unknown."
    })
    expect(await boto3.refusal('describe_placement_groups', { GroupNames: ['close'] })).toMatchObject({
      code: 'InvalidPlacementGroup.Unknown'
    })
  })
})
