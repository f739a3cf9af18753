import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOrStartManager } from '../../app/main/shells/manager/find-or-start.ts'
import type { LocalClient } from '../../app/main/transports/local-client.ts'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

// The endpoint answers, but has no machines: nothing here may come so far as to need one.
let rmada: Rmada
let pid: number
let client: LocalClient
beforeAll(async () => {
  rmada = createRmada('none')
  await rmada.run(['manager', 'start'])
  pid = rmada.livingManager()
  client = await findOrStartManager(rmada.environment, { audience: 'cli' })
})
afterAll(async () => {
  client.close()
  await rmada.close()
})

interface Failure {
  readonly ok: boolean
  readonly error: { readonly code: string; readonly message: string; readonly suggestion: string }
}

/** One sentence, one code, nothing rented, and the manager is still the same process. */
async function expectRefusal(
  args: readonly string[],
  code: string,
  exit: number,
  environment: NodeJS.ProcessEnv = {}
): Promise<string> {
  const answer = await rmada.json(args, environment)
  const { ok, error } = answer.value as Failure
  expect({ ok, code: error.code, exit: answer.code }).toEqual({ ok: false, code, exit })
  expect(error.message.length).toBeGreaterThan(15)
  expect(error.message).not.toContain('\n')
  expect(error.suggestion).not.toBe('')
  expect(await client.call('networks.list', {})).toEqual([])
  expect(rmada.managerPid()).toBe(pid)
  return error.message
}

const launch = (...more: string[]): string[] => ['launch', '--name', 'bad', '--instances', '2', ...more]

describe('launch with bad input rents nothing', () => {
  it.each([
    ['an unknown type', launch('--type', 'z9.huge'), 'INSTANCE_TYPE_UNKNOWN', 2],
    ['an unknown image', launch('--image', 'ami-00000000000000000'), 'IMAGE_UNKNOWN', 2],
    ['an unknown zone', launch('--zone', 'mars-1a'), 'ZONE_UNKNOWN', 2],
    ['an unknown region', launch('--region', 'mars-1'), 'REGION_UNKNOWN', 2],
    ['an empty name', ['launch', '--name', '', '--instances', '2'], 'NETWORK_NAME_INVALID', 2],
    ['a name with odd characters', ['launch', '--name', 'a b;rm -rf', '--instances', '2'], 'NETWORK_NAME_INVALID', 2],
    ['a name of 300 characters', ['launch', '--name', 'a'.repeat(300), '--instances', '2'], 'NETWORK_NAME_INVALID', 2],
    ['0 instances', ['launch', '--name', 'bad', '--instances', '0'], 'COUNT_INVALID', 2],
    ['-3 instances', ['launch', '--name', 'bad', '--instances', '-3'], 'COUNT_INVALID', 2],
    ['2.5 instances', ['launch', '--name', 'bad', '--instances', '2.5'], 'COUNT_INVALID', 2],
    ['a million instances', ['launch', '--name', 'bad', '--instances', '1000000'], 'COUNT_INVALID', 2],
    ['no number of instances', ['launch', '--name', 'bad', '--instances', 'three'], 'COUNT_INVALID', 2],
    ['0 slots', launch('--slots', '0'), 'SLOTS_INVALID', 2],
    ['half a slot', launch('--slots', '0.5'), 'SLOTS_INVALID', 2]
  ])('%s', async (_what, args, code, exit) => {
    await expectRefusal(args, code, exit)
  })

  it('an endpoint that does not answer', async () => {
    const message = await expectRefusal(
      launch('--region', 'x-1', '--endpoint', 'http://127.0.0.1:9'),
      'ENDPOINT_UNREACHABLE',
      3,
      { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' }
    )
    expect(message).not.toContain('wJalrXUtnFEMI')
  })

  it('an endpoint that is no address', async () => {
    await expectRefusal(launch('--region', 'x-1', '--endpoint', 'nowhere'), 'ENDPOINT_INVALID', 2)
  })

  it('slots above the cores are a warning, not an error', async () => {
    const { code, value } = await rmada.json([
      'plan',
      '--name',
      'many',
      '--instances',
      '2',
      '--type',
      'c7i.large',
      '--slots',
      '64'
    ])
    expect(code).toBe(0)
    const { findings } = value as { findings: { level: string; field: string | null }[] }
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(findings).toContainEqual(expect.objectContaining({ level: 'warning', field: 'slotsPerHost' }))
  })
})

describe('credentials', () => {
  /** An account of its own beside the manager's practice cloud. */
  async function withEndpoint(
    work: (served: { endpoint: string; accessKeyId: string; secretAccessKey: string }) => Promise<void>
  ) {
    const child = rmada.start(['practice', '--backend', 'none', '--json'])
    const line = await new Promise<string>((resolve) => {
      child.stdout?.once('data', (chunk: Buffer) => {
        resolve(chunk.toString())
      })
    })
    const ended = new Promise((resolve) => {
      child.on('exit', resolve)
    })
    try {
      await work(JSON.parse(line) as { endpoint: string; accessKeyId: string; secretAccessKey: string })
    } finally {
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
    }
  }

  it('wrong ones are refused in words, and are not repeated', async () => {
    await withEndpoint(async ({ endpoint, accessKeyId }) => {
      const args = launch('--region', 'practice-1', '--endpoint', endpoint)
      const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'not-the-secret-at-all' }
      expect(await expectRefusal(args, 'CREDENTIALS_REJECTED', 3, environment)).not.toContain('not-the-secret')
      await expectRefusal(args, 'CREDENTIALS_REJECTED', 3, { ...environment, AWS_ACCESS_KEY_ID: 'AKIDNOBODY' })
    })
  })
})

describe('names that nothing has', () => {
  it.each([
    ['status', ['status', 'nobody']],
    ['reboot', ['reboot', 'nobody', '--wait']],
    ['repair', ['repair', 'nobody']],
    ['terminate', ['terminate', 'nobody', '--yes']],
    ['eval', ['eval', 'nobody', '1+1']],
    ['exec', ['exec', 'nobody', 'true']],
    ['open', ['open', 'nobody', '--print']]
  ])('%s', async (_what, args) => {
    await expectRefusal(args, 'NETWORK_UNKNOWN', 4)
  })

  it('cancel', async () => {
    await expectRefusal(['cancel', 'nothing'], 'TASK_UNKNOWN', 4)
  })
})

describe('wrong usage', () => {
  it.each([
    ['terminate without a name', ['terminate', '--yes']],
    ['terminate without a yes', ['terminate', 'anything']],
    ['no such command', ['lunch']],
    ['no such option', ['networks', '--all']],
    ['a name too many', ['status', 'a', 'b']],
    ['eval without expression', ['eval', 'a']],
    ['no such backend', ['practice', '--backend', 'clouds']],
    ['a port out of range', ['practice', '--port', '70000']]
  ])('%s', async (_what, args) => {
    await expectRefusal(args, 'INVALID_INPUT', 2)
  })

  it('people read it on standard error, and nothing on standard output', async () => {
    const { code, stdout, stderr } = await rmada.run(['terminate'])
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: "rmada: Missing required argument 'name'\nSee: rmada --help\n"
    })
  })
})
