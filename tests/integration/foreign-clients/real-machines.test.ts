import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { servePractice } from '../../../app/main/practice/endpoint/serve.ts'
import { startBoto3, type Boto3, type Parsed } from './boto3.ts'
import { one } from './launching.ts'
import { temporaryPractice, type TemporaryPractice } from './practice.ts'

const run = promisify(execFile)
const asked = { ...one, KeyName: 'k' }

let cloud: TemporaryPractice
let boto3: Boto3
let folder: string
let login: string

beforeAll(async () => {
  cloud = await temporaryPractice({ backend: 'processes' })
  boto3 = startBoto3(cloud.practice)
  folder = await mkdtemp(join(tmpdir(), 'rmada-real-'))
  login = join(folder, 'login')
  const { KeyMaterial } = await boto3.call('create_key_pair', { KeyName: 'k', KeyType: 'ed25519' })
  await writeFile(login, KeyMaterial, { mode: 0o600 })
})
afterAll(async () => {
  await boto3.close()
  await cloud.end()
  await rm(folder, { recursive: true, force: true })
})

const describeOne = async (client: Boto3, id: string) =>
  (await client.call('describe_instances', { InstanceIds: [id] })).Reservations[0].Instances[0]
const portOf = (instance: Parsed) => String(instance.Tags.find((tag: Parsed) => tag.Key === 'rmada:ssh-port').Value)

/** Host keys as cloud-init prints them on the console. */
async function consoleKeys(client: Boto3, id: string): Promise<string[]> {
  const { Output } = await client.call('get_console_output', { InstanceId: id, Latest: true })
  const block =
    /-----BEGIN SSH HOST KEY KEYS-----\r?\n([\s\S]*?)-----END SSH HOST KEY KEYS-----/.exec(Output)?.[1] ?? ''
  return block
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(' ').slice(0, 2).join(' '))
}

/** A command on the instance, by OpenSSH's client, that knows the host by the console's keys alone. */
async function ssh(client: Boto3, id: string, command: string): Promise<string> {
  const instance = await describeOne(client, id)
  const knownHosts = join(folder, `known-hosts-${id}`)
  const port = portOf(instance)
  await writeFile(
    knownHosts,
    (await consoleKeys(client, id)).map((key) => `[${instance.PublicIpAddress}]:${port} ${key}\n`).join('')
  )
  const { stdout } = await run('/usr/bin/ssh', [
    '-F',
    'none',
    '-i',
    login,
    '-p',
    port,
    '-o',
    `UserKnownHostsFile=${knownHosts}`,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'BatchMode=yes',
    `ec2-user@${instance.PublicIpAddress}`,
    command
  ])
  return stdout
}

it('boots machines that their console vouches for, and keeps them and their disks over restarts', async () => {
  const launched = await boto3.call('run_instances', { ...asked, UserData: '#!/bin/sh\necho from-user-data\n' })
  const id: string = launched.Instances[0].InstanceId
  await boto3.wait('instance_running', { InstanceIds: [id] })
  expect(await ssh(boto3, id, 'echo kept > ~/file; echo hello')).toBe('hello\n')
  await expect
    .poll(async () => (await boto3.call('get_console_output', { InstanceId: id })).Output)
    .toContain('from-user-data')
  const keys = await consoleKeys(boto3, id)

  await boto3.call('stop_instances', { InstanceIds: [id] })
  await boto3.wait('instance_stopped', { InstanceIds: [id] })
  await boto3.call('start_instances', { InstanceIds: [id] })
  await boto3.wait('instance_running', { InstanceIds: [id] })
  expect(await ssh(boto3, id, 'cat ~/file')).toBe('kept\n')

  // The whole computer goes down and comes back: the machine is booted again without anyone asking.
  await boto3.close()
  await cloud.practice.close({ powerOff: true })
  const practice = await servePractice({
    stateDirectory: cloud.directory,
    backend: 'processes',
    port: 0,
    log: () => {}
  })
  cloud = {
    ...cloud,
    practice,
    end: async () => {
      await practice.close({ powerOff: true })
      await rm(cloud.directory, { recursive: true, force: true })
    }
  }
  boto3 = startBoto3(practice)
  await boto3.wait('instance_status_ok', { InstanceIds: [id] })
  expect(await consoleKeys(boto3, id)).toEqual(keys)
  expect(await ssh(boto3, id, 'cat ~/file')).toBe('kept\n')

  await boto3.call('terminate_instances', { InstanceIds: [id] })
  await boto3.wait('instance_terminated', { InstanceIds: [id] })
  expect(await describeOne(boto3, id)).not.toHaveProperty('PublicIpAddress')
})

it('leaves nothing of machines that are terminated while they boot', async () => {
  const launched = await boto3.call('run_instances', { ...asked, MinCount: 3, MaxCount: 3 })
  const InstanceIds = launched.Instances.map((instance: Parsed) => instance.InstanceId)
  await boto3.call('terminate_instances', { InstanceIds })
  await boto3.wait('instance_terminated', { InstanceIds })
  const files = await readdir(join(cloud.directory, 'processes', 'machines'), { recursive: true })
  expect(files.filter((file) => InstanceIds.some((id: string) => file.includes(id)))).toEqual([])
  const { stdout } = await run('ps', ['-eo', 'args'])
  expect(stdout.split('\n').filter((line) => line.includes(cloud.directory))).toEqual([])
})
