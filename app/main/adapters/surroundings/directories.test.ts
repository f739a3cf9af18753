import { homedir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { directories } from './directories.ts'

describe('directories', () => {
  const home = homedir()
  it.each([
    ['linux', {}, { data: `${home}/.local/share/rmada`, runtime: `${home}/.local/share/rmada/run` }],
    [
      'linux',
      { XDG_DATA_HOME: '/d', XDG_RUNTIME_DIR: '/run/user/7' },
      { data: '/d/rmada', runtime: '/run/user/7/rmada' }
    ],
    ['linux', { RMADA_DATA_DIR: '/a' }, { data: '/a', runtime: '/a/run' }],
    ['linux', { RMADA_DATA_DIR: '/a', RMADA_RUNTIME_DIR: '/b', XDG_RUNTIME_DIR: '/c' }, { data: '/a', runtime: '/b' }],
    [
      'darwin',
      {},
      { data: `${home}/Library/Application Support/Rmada`, runtime: `${home}/Library/Application Support/Rmada/run` }
    ],
    [
      'win32',
      { APPDATA: 'C:\\Users\\ana\\AppData\\Roaming' },
      { data: 'C:\\Users\\ana\\AppData\\Roaming\\Rmada', runtime: 'C:\\Users\\ana\\AppData\\Roaming\\Rmada\\run' }
    ]
  ] as const)('on %s with %j are %j', (platform, env, expected) => expect(directories(env, platform)).toEqual(expected))
})
