import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

// One network from launch to terminate on machines that need no privilege. Each test goes on from the last.
let rmada: Rmada
beforeAll(() => { rmada = createRmada('processes') })
afterAll(() => rmada.close())

interface Network {
  readonly name: string
  readonly status: string
  readonly instances: readonly { readonly id: string; readonly role: string }[]
}
let network: Network

it('launch --wait shows progress on standard error and the running network on standard output', async () => {
  const { code, stdout, stderr } = await rmada.run([
    'launch',
    '--name',
    'fit',
    '--instances',
    '2',
    '--type',
    'c7i.large',
    '--wait',
    '--json'
  ])
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  network = JSON.parse(stdout) as Network
  expect(network).toMatchObject({ name: 'fit', status: 'running', instances: [{ role: 'master' }, { role: 'slave' }] })
  expect(stderr).toMatch(/^100 % {2}/m)
})

it('a name in use is refused, and nothing more is rented', async () => {
  expect(await rmada.json(['launch', '--name', 'fit', '--instances', '1'])).toMatchObject({
    code: 5,
    value: { error: { code: 'NETWORK_NAME_IN_USE' } }
  })
  expect((await rmada.json(['networks'])).value).toHaveLength(1)
})

it('log shows what the launch printed on each node', async () => {
  const { code, stdout } = await rmada.run(['log'])
  expect(code).toBe(0)
  expect(stdout.match(/^\d\d:\d\d:\d\d \[\S+\] ==> All parts are there$/gm)).toHaveLength(2)
  const { value } = await rmada.json(['log', '--lines', '1'])
  const { lines, dropped, file } = value as { lines: { text: string }[]; dropped: number; file: string }
  expect(lines).toMatchObject([{ node: '', text: 'Done.' }])
  expect(dropped).toBe(stdout.trim().split('\n').length - 1)
  expect(readFileSync(file, 'utf8')).toContain('] ==> All parts are there\n')
  expect(await rmada.run(['log', '--follow'])).toEqual({ code: 0, stdout, stderr: '' })
})

it('what cannot be an R package is refused before anything is rented', async () => {
  expect(await rmada.json(['plan', '--name', 'pk', '--packages', 'Rcpp,$(id)'])).toMatchObject({
    code: 0,
    value: { spec: null, findings: [{ code: 'PACKAGE_INVALID', field: 'packages' }] }
  })
  expect((await rmada.json(['launch', '--name', 'pk', '--packages', 'a b'])).code).toBe(2)
  expect(await rmada.json(['plan', '--name', 'pk', '--packages', 'Rcpp', 'zoo,Rcpp'])).toMatchObject({
    value: { spec: { packages: ['Rcpp', 'zoo'] } }
  })
})

it('networks and status, for programs and for people', async () => {
  expect(await rmada.json(['networks'])).toMatchObject({ code: 0, value: [{ name: 'fit', status: 'running' }] })
  expect(await rmada.json(['status', 'fit'])).toMatchObject({
    code: 0,
    value: { name: 'fit', instances: [{ id: network.instances[0]?.id }, {}] }
  })
  const { stdout } = await rmada.run(['networks'])
  expect(stdout).toMatch(/^NAME +STATUS +INSTANCES +TYPE/)
  expect(stdout).toMatch(/^fit +running +2 +c7i\.large/m)
})

it('eval prints what R prints', async () => {
  expect(await rmada.run(['eval', 'fit', '1+1'])).toEqual({ code: 0, stdout: '[1] 2\n', stderr: '' })
  expect(await rmada.json(['eval', 'fit', 'cat("a\\n"); 6 * 7'])).toEqual({
    code: 0,
    value: { ok: true, output: 'a\n', value: expect.stringContaining('[1] 42'), visible: true }
  })
})

it('an error in R is a failure with its message', async () => {
  const { code, value } = await rmada.json(['eval', 'fit', 'stop("no data")'])
  expect(code).toBe(1)
  expect(value).toMatchObject({
    ok: false,
    error: { code: 'EVALUATION_FAILED', message: expect.stringContaining('no data') }
  })
  expect((await rmada.run(['eval', 'fit', '1 +'])).code).toBe(1)
})

it('exec gives output and failure of a shell command on the node that is named', async () => {
  expect(await rmada.json(['exec', 'fit', 'echo out; echo err >&2; exit 3'])).toEqual({
    code: 1,
    value: { stdout: 'out\n', stderr: 'err\n', exitCode: 3 }
  })
  const slave = network.instances[1]?.id ?? ''
  expect(await rmada.json(['exec', 'fit', 'true', '--instance', slave])).toMatchObject({ code: 0 })
  expect(await rmada.json(['exec', 'fit', 'true', '--instance', 'i-0000000000000'])).toMatchObject({
    code: 4,
    value: { error: { code: 'INSTANCE_UNKNOWN' } }
  })
})

it('open --print gives an address on this computer that answers', async () => {
  const { code, stdout } = await rmada.run(['open', 'fit', '--print'])
  expect(code).toBe(0)
  const url = new URL(stdout.trim())
  expect(url.hostname).toBe('127.0.0.1')
  expect((await fetch(url)).status).toBe(200)
})

it('terminate does nothing unless it is confirmed', async () => {
  expect((await rmada.run(['terminate', 'fit'])).code).toBe(2)
  expect(await rmada.json(['status', 'fit'])).toMatchObject({ value: { status: 'running' } })
})

it('reboot --wait brings it back with its disk', async () => {
  await rmada.run(['exec', 'fit', 'echo kept > ~/note'])
  expect(await rmada.json(['reboot', 'fit', '--wait'])).toMatchObject({
    code: 0,
    value: { kind: 'reboot', state: 'succeeded' }
  })
  expect((await rmada.run(['exec', 'fit', 'cat ~/note'])).stdout).toBe('kept\n')
  expect((await rmada.run(['eval', 'fit', '1+1'])).stdout).toBe('[1] 2\n')
})

it('terminate --yes --wait ends it', async () => {
  expect(await rmada.json(['terminate', 'fit', '--yes', '--wait'])).toMatchObject({
    code: 0,
    value: { kind: 'terminate', state: 'succeeded' }
  })
  expect((await rmada.json(['networks'])).value).toEqual([])
  expect((await rmada.run(['tasks'])).stdout).toMatch(/succeeded +100 %/)
})

it('the endpoint that "rmada practice" serves is used by its address and credentials in the environment', async () => {
  const child = rmada.start(['practice', '--backend', 'processes', '--json'])
  const line = await new Promise<string>((resolve) => {
    child.stdout?.once('data', (chunk: Buffer) => {
      resolve(chunk.toString())
    })
  })
  const served = JSON.parse(line) as { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string }
  const environment = {
    AWS_ACCESS_KEY_ID: served.accessKeyId,
    AWS_SECRET_ACCESS_KEY: served.secretAccessKey,
    AWS_REGION: served.region
  }
  const ended = new Promise((resolve) => { child.on('exit', resolve) })
  try {
    const launched = await rmada.json(
      ['launch', '--name', 'far', '--instances', '1', '--endpoint', served.endpoint, '--wait'],
      environment
    )
    expect(launched).toMatchObject({ code: 0, value: { name: 'far', status: 'running', region: 'practice-1' } })
    const asked = { ...environment, AWS_ENDPOINT_URL_EC2: served.endpoint }
    expect((await rmada.run(['eval', 'far', '1+1'], asked)).stdout).toBe('[1] 2\n')
    expect((await rmada.run(['terminate', 'far', '--yes', '--wait'], asked)).code).toBe(0)
  } finally {
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  }
})
