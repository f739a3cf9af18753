import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Cloud, CloudAccess, IngressRule, RunInstancesRequest, Tags } from '../../app/main/core/ports/index.ts'
import { createOpenCloud } from '../../app/main/adapters/ec2/open-cloud.ts'
import { ordinaryPatience } from '../../app/main/adapters/ec2/retry.ts'
import { makeKeyPair } from '../../app/main/adapters/ssh2/key-pair.ts'

// Unknown ids are waited for; on a cloud that knows its instances at once that only costs time.
const openCloud = createOpenCloud({ ...ordinaryPatience, notYetKnown: 800 })

/** A cloud that the suite may rent from at no cost. */
export interface CloudFixture {
  readonly access: CloudAccess
  close(): Promise<void>
}

const unique = (what: string) => `${what}-${randomBytes(4).toString('hex')}`
const sshFrom = (cidr: string): IngressRule => ({
  protocol: 'tcp',
  port: 22,
  from: { cidr },
  description: 'ssh from here'
})
const members: IngressRule = { protocol: 'all', port: null, from: 'self', description: 'members reach each other' }

/** What every EC2-compatible endpoint must give through the adapter. */
export function cloudSuite(name: string, start: () => Promise<CloudFixture>): void {
  describe(`the cloud port on ${name}`, () => {
    let fixture: CloudFixture
    let cloud: Cloud
    beforeAll(async () => {
      fixture = await start()
      cloud = openCloud(fixture.access)
    })
    afterAll(async () => await fixture.close())

    const tagsOf = (networkName: string): Tags => ({ 'rmada:network': networkName, 'rmada:network-id': unique('id') })
    const vpc = async () => (await cloud.defaultVpc()) ?? expect.unreachable('there is no default VPC')
    async function launch(change: Partial<RunInstancesRequest> = {}) {
      const tags = tagsOf(unique('night'))
      const [image, key, group] = await Promise.all([
        cloud.images().then((images) => images.find((found) => found.architecture === 'x86_64')),
        cloud.importKeyPair({ name: unique('key'), publicKey: makeKeyPair('k').publicKey, tags }),
        cloud.createSecurityGroup({ name: unique('group'), description: 'for a test', vpcId: await vpc(), tags })
      ])
      const request: RunInstancesRequest = {
        clientToken: unique('token'),
        count: 2,
        type: 'c5.large',
        image: image?.id ?? '',
        zone: null,
        keyName: key.name,
        securityGroupIds: [group],
        placementGroup: null,
        threadsPerCore: null,
        rootVolumeGib: null,
        rootDevice: image?.rootDevice ?? null,
        userData: null,
        tags,
        ...change
      }
      const instances = await cloud.runInstances(request)
      return { tags, key, group, request, instances, ids: instances.map((instance) => instance.id) }
    }
    const states = async (tags: Tags) => (await cloud.instances(tags)).map((instance) => instance.state)
    const until = async (tags: Tags, state: string) =>
      await vi.waitFor(async () => expect(new Set(await states(tags))).toEqual(new Set([state])), {
        timeout: 15_000,
        interval: 50
      })

    it('knows what it is', () => {
      expect(cloud.region).toBe(fixture.access.region)
      expect(cloud.sshPortByTag).toBe(true)
    })

    it('lists zones, instance types and images that fit together', async () => {
      const [zones, types, images] = await Promise.all([cloud.zones(), cloud.instanceTypes(), cloud.images()])
      expect(zones.map((zone) => zone.state)).toContain('available')
      const names = zones.map((zone) => zone.name)
      expect(types.length).toBeGreaterThan(0)
      for (const type of types) {
        expect(type.cores * type.threadsPerCore).toBe(type.vcpus)
        expect(type.memoryGib).toBeGreaterThan(0)
        expect(type.zones.length).toBeGreaterThan(0)
        for (const zone of type.zones) expect(names).toContain(zone)
      }
      expect(types.some((type) => type.clusterPlacement)).toBe(true)
      expect(images.length).toBeGreaterThan(0)
      for (const image of images) expect(image.user).toBe('ec2-user')
      expect(await cloud.image(images[0]?.id ?? '')).toEqual(images[0])
    })

    it('knows no image of another id, well-formed or not', async () => {
      expect(await cloud.image('ami-0123456789abcdef0')).toBeNull()
      expect(await cloud.image('no such thing')).toBeNull()
    })

    it('imports a key pair with its tags, finds it by them and deletes it, also twice', async () => {
      const tags = tagsOf('keys')
      const keyName = unique('key')
      const made = await cloud.importKeyPair({ name: keyName, publicKey: makeKeyPair('k').publicKey, tags })
      expect(made).toMatchObject({ name: keyName, id: expect.stringMatching(/^key-/) })
      expect(await cloud.keyPairs(tags)).toEqual([{ ...made, tags }])
      expect(await cloud.keyPairs({ 'rmada:network-id': 'other' })).toEqual([])
      expect(await cloud.importKeyPair({ name: keyName, publicKey: makeKeyPair('k').publicKey, tags })).toMatchObject({
        id: made.id
      })
      await expect(
        cloud.importKeyPair({ name: keyName, publicKey: makeKeyPair('k').publicKey, tags: tagsOf('foreign') })
      ).rejects.toMatchObject({ code: 'CLOUD_ERROR', details: { awsCode: 'InvalidKeyPair.Duplicate' } })
      await cloud.deleteKeyPair(made.id)
      await cloud.deleteKeyPair(made.id)
      expect(await cloud.keyPairs(tags)).toEqual([])
    })

    it('opens and closes a security group as told, however often it is told', async () => {
      const tags = tagsOf('groups')
      const id = await cloud.createSecurityGroup({
        name: unique('group'),
        description: 'for a test',
        vpcId: await vpc(),
        tags
      })
      await cloud.authorizeIngress(id, [sshFrom('192.0.2.1/32')])
      await cloud.authorizeIngress(id, [sshFrom('192.0.2.1/32'), members, sshFrom('2001:db8::1/128')])
      const rules = async () => (await cloud.securityGroups(tags)).flatMap((group) => group.rules)
      expect(new Set(await rules())).toEqual(new Set([sshFrom('192.0.2.1/32'), members, sshFrom('2001:db8::1/128')]))
      await cloud.revokeIngress(id, [sshFrom('192.0.2.1/32')])
      await cloud.revokeIngress(id, [sshFrom('192.0.2.1/32'), members])
      expect(await rules()).toEqual([sshFrom('2001:db8::1/128')])
      await cloud.deleteSecurityGroup(id)
      await cloud.deleteSecurityGroup(id)
      expect(await cloud.securityGroups(tags)).toEqual([])
    })

    it('makes a placement group once, finds it by its tags and deletes it, also twice', async () => {
      const tags = tagsOf('placement')
      const groupName = unique('placement')
      const made = await cloud.createPlacementGroup({ name: groupName, tags })
      expect(await cloud.createPlacementGroup({ name: groupName, tags })).toEqual(made)
      expect(await cloud.placementGroups(tags)).toEqual([made])
      await cloud.deletePlacementGroup(groupName)
      await cloud.deletePlacementGroup(groupName)
      expect(await cloud.placementGroups(tags)).toEqual([])
    })

    it('launches instances that carry their tags from the first answer on, first pending, then running', async () => {
      const { instances, tags, request, key, group } = await launch({ userData: '#!/bin/sh\ntrue\n' })
      expect(instances).toHaveLength(2)
      for (const instance of instances) {
        expect(instance).toMatchObject({
          state: 'pending',
          type: 'c5.large',
          image: request.image,
          keyName: key.name,
          securityGroupIds: [group],
          tags: expect.objectContaining(tags),
          launchedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/)
        })
      }
      await until(tags, 'running')
      for (const instance of await cloud.instances(tags)) {
        expect(instance).toMatchObject({ reason: '', privateIp: expect.any(String), publicIp: expect.any(String) })
      }
      await cloud.terminateInstances(instances.map((instance) => instance.id))
      await until(tags, 'terminated')
      expect((await cloud.instances(tags))[0]?.reason).not.toBe('')
    })

    it('launches once for one token, and says when the token comes with another wish', async () => {
      const { request, tags, ids } = await launch()
      expect((await cloud.runInstances(request)).map((instance) => instance.id).toSorted()).toEqual(ids.toSorted())
      expect(await cloud.instances(tags)).toHaveLength(2)
      await expect(cloud.runInstances({ ...request, count: 3 })).rejects.toMatchObject({
        code: 'CLOUD_ERROR',
        details: { awsCode: 'IdempotentParameterMismatch' }
      })
      await cloud.terminateInstances(ids)
    })

    it('puts instances where it is told: zone, placement group, threads, disk', async () => {
      const tags = tagsOf('placed')
      const { name: placementGroup } = await cloud.createPlacementGroup({ name: unique('placement'), tags })
      const zone = (await cloud.instanceTypes()).find((type) => type.name === 'c5.large')?.zones.at(-1) ?? null
      const placed = await launch({ placementGroup, zone, threadsPerCore: 1, rootVolumeGib: 40, rootDevice: null })
      expect(placed.instances.map((instance) => instance.zone)).toEqual([zone, zone])
      await cloud.terminateInstances(placed.ids)
      await until(placed.tags, 'terminated')
      await cloud.deletePlacementGroup(placementGroup)
    })

    it('stops, starts and reboots', async () => {
      const { ids, tags } = await launch({ count: 1 })
      await until(tags, 'running')
      await cloud.stopInstances(ids)
      await until(tags, 'stopped')
      await cloud.startInstances(ids)
      await until(tags, 'running')
      await cloud.rebootInstances(ids)
      expect(typeof (await cloud.consoleOutput(ids[0] ?? ''))).toBe('string')
      await cloud.terminateInstances(ids)
    })

    it('adds and replaces tags, and finds by any value of a tag', async () => {
      const { ids, tags } = await launch()
      await cloud.tag(ids.slice(0, 1), { 'rmada:role': 'master', Name: 'night-master' })
      await cloud.tag(ids.slice(0, 1), { Name: 'night-first' })
      const found = await cloud.instances({ ...tags, 'rmada:role': '*' })
      expect(found.map((instance) => instance.id)).toEqual(ids.slice(0, 1))
      expect(found[0]?.tags).toMatchObject({ ...tags, 'rmada:role': 'master', Name: 'night-first' })
      expect(await cloud.instances({ 'rmada:network': '*' })).not.toHaveLength(0)
      await cloud.terminateInstances(ids)
    })

    it('waits with the security group until its instances are gone', async () => {
      const { ids, group, tags } = await launch({ count: 1 })
      await until(tags, 'running')
      const deleting = cloud.deleteSecurityGroup(group)
      await cloud.terminateInstances(ids)
      await deleting
      expect(await cloud.securityGroups(tags)).toEqual([])
    })

    it('terminates what is there when some ids are not', async () => {
      const { ids, tags } = await launch({ count: 1 })
      await cloud.terminateInstances(['i-0123456789abcdef0', ...ids])
      await until(tags, 'terminated')
      await cloud.terminateInstances(ids)
      expect(await states(tags)).toEqual(['terminated'])
    })

    it.each([
      ['an unknown image', { image: 'ami-0123456789abcdef0' }],
      ['an unknown type', { type: 'c5.enormous' }],
      ['an unknown zone', { zone: 'nowhere-1a' }],
      ['a count of none', { count: 0 }]
    ])('refuses %s in a sentence, and rents nothing', async (_what, change) => {
      const { tags, request } = await launch({ count: 1 })
      await expect(cloud.runInstances({ ...request, clientToken: unique('token'), ...change })).rejects.toMatchObject({
        code: 'CLOUD_ERROR',
        message: expect.stringMatching(/^The cloud /),
        suggestion: expect.stringMatching(/\.$/)
      })
      expect(await cloud.instances(tags)).toHaveLength(1)
      await cloud.terminateInstances((await cloud.instances(tags)).map((instance) => instance.id))
    })

    it('makes images with their snapshots and tags, knows them again, and removes them once and again', async () => {
      const { tags, ids } = await launch({ count: 1 })
      await until(tags, 'running')
      const token = unique('token')
      const marks = { 'rmada:image': token, 'rmada:user': 'ana', 'rmada:carries-r': '4.5.1' }
      const name = unique('an image (1)')
      const request = { instanceId: ids[0] ?? '', name, description: 'for a test', tags: marks }
      const id = await cloud.createImage(request)
      const find = async () => (await cloud.ownImages()).find((found) => found.image.id === id)
      expect(await find()).toMatchObject({ state: 'pending', tags: marks, image: { own: true, description: 'for a test' } })
      await vi.waitFor(async () => expect((await find())?.state).toBe('available'), { timeout: 15_000, interval: 50 })
      const [snapshot, ...more] = await cloud.imageSnapshots({ 'rmada:image': token })
      expect(more).toEqual([])
      expect(snapshot).toMatchObject({ progress: 1, tags: marks })
      expect((await find())?.snapshots).toEqual([{ id: snapshot?.id, sizeGib: 8 }])
      // In the catalogue it has the login and the contents that its tags say.
      expect((await cloud.images()).find((found) => found.id === id)).toMatchObject({
        user: 'ana', own: true, virtualization: 'hvm', ena: true, rootGib: 8, carries: { r: '4.5.1', openMpi: null }
      })
      await expect(cloud.createImage(request)).rejects.toMatchObject({ code: 'IMAGE_NAME_IN_USE' })

      expect(await cloud.deleteImageSnapshot(snapshot?.id ?? '')).toBe(false)
      await cloud.deregisterImage(id)
      await cloud.deregisterImage(id)
      expect(await cloud.deleteImageSnapshot(snapshot?.id ?? '')).toBe(true)
      expect(await cloud.deleteImageSnapshot(snapshot?.id ?? '')).toBe(true)
      expect(await find()).toBeUndefined()
      expect(await cloud.imageSnapshots({ 'rmada:image': token })).toEqual([])
      await cloud.terminateInstances(ids)
    })

    it('lists the published images before the own ones, and says what decides on which types they boot', async () => {
      const [images, types] = await Promise.all([cloud.images(), cloud.instanceTypes()])
      expect(images.slice(0, 2).map((image) => [image.architecture, image.own])).toEqual([
        ['x86_64', undefined], ['arm64', undefined]
      ])
      expect(types.find((type) => type.name === 'c7g.large')).toMatchObject({ ena: 'required', bootModes: ['uefi'] })
      expect(types.find((type) => type.name === 't2.micro')).toMatchObject({ ena: 'unsupported', virtualizations: ['hvm'] })
    })

    it('does not accept a wrong secret, nor a key that it does not know', async () => {
      const { credentials } = fixture.access
      const wrong = openCloud({
        ...fixture.access,
        credentials: { accessKeyId: credentials?.accessKeyId ?? '', secretAccessKey: 'wrong' }
      })
      await expect(wrong.zones()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
      const stranger = openCloud({
        ...fixture.access,
        credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wrong' }
      })
      await expect(stranger.zones()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    })
  })
}
