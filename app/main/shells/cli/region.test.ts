import { describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../contract/index.ts'
import { chooseRegion, connectRegion } from './region.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' }

describe('the cloud that options and environment name', () => {
  it.each([
    [
      'the practice cloud when nothing is said',
      {},
      {},
      { region: 'practice-1', endpoint: undefined, credentials: undefined }
    ],
    ['AWS_REGION', {}, { AWS_REGION: 'eu-west-1' }, { region: 'eu-west-1' }],
    ['AWS_DEFAULT_REGION', {}, { AWS_DEFAULT_REGION: 'eu-west-1' }, { region: 'eu-west-1' }],
    ['AWS_REGION before AWS_DEFAULT_REGION', {}, { AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, { region: 'a' }],
    ['an option before the environment', { region: 'us-east-1' }, { AWS_REGION: 'eu-west-1' }, { region: 'us-east-1' }],
    [
      'an empty variable as none',
      {},
      { AWS_REGION: '', AWS_ENDPOINT_URL: '' },
      { region: 'practice-1', endpoint: undefined }
    ],
    [
      'the endpoint of EC2 before that of all',
      {},
      { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_EC2: 'http://b' },
      { endpoint: 'http://b' }
    ],
    ['credentials', {}, keys, { credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' } }],
    [
      'credentials with a session',
      {},
      { ...keys, AWS_SESSION_TOKEN: 't' },
      { credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 't' } }
    ],
    ['half a credential as none', {}, { AWS_ACCESS_KEY_ID: 'AKID' }, { credentials: undefined }],
    ['a profile', {}, { AWS_PROFILE: 'work' }, { profile: 'work' }]
  ])('%s', (_what, options, environment, wanted) => {
    expect(chooseRegion(options, environment)).toMatchObject(wanted)
  })
})

describe('what the manager is told', () => {
  const connectWith = async (options: { region?: string; endpoint?: string }, environment: NodeJS.ProcessEnv) => {
    const call = vi.fn(async (_method: string, input: { region: string }) => ({ id: input.region }))
    return { id: await connectRegion({ call, subscribe: vi.fn() } as unknown as Client, options, environment), call }
  }

  it('AWS credentials are not handed to the practice cloud', async () => {
    const { id, call } = await connectWith({}, keys)
    expect(id).toBe('practice-1')
    expect(call).not.toHaveBeenCalled()
  })

  it('another endpoint gets them', async () => {
    const { call } = await connectWith({ endpoint: 'http://127.0.0.1:1' }, keys)
    expect(call).toHaveBeenCalledExactlyOnceWith('regions.connect', {
      region: 'practice-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' }
    })
  })

  it('nothing is sent that was not said', async () => {
    const { call } = await connectWith({ region: 'eu-west-1' }, {})
    expect(call).toHaveBeenCalledExactlyOnceWith('regions.connect', { region: 'eu-west-1' })
  })
})
