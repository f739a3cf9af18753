import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSettings } from '../../app/main/adapters/settings/settings.ts'
import type { Settings } from '../../app/main/core/ports/index.ts'
import { temporaryFolders } from './fixtures/temporary.ts'

const defaults: Settings = {
  lastRegion: 'practice-1',
  closedToTrayNoticeShown: false,
  account: { profile: null, key: null },
  keys: [],
  customRegions: [],
  proxy: null,
  connectSeconds: 3,
  answerSeconds: 60,
  retries: 3
}

describe('settings', () => {
  const folder = temporaryFolders()

  it('have defaults, keep changes over a restart and leave the rest as it was', async () => {
    const directory = await folder('settings')
    const settings = createSettings(directory)
    expect(settings.read()).toEqual(defaults)
    settings.write({ lastRegion: 'eu-central-1' })
    expect(createSettings(directory).read()).toEqual({ ...defaults, lastRegion: 'eu-central-1' })
    expect((await stat(join(directory, 'settings.json'))).mode & 0o777).toBe(0o600)
  })

  it('refuse a value of the wrong kind and keep the old one', async () => {
    const settings = createSettings(await folder('settings'))
    expect(() => settings.write({ lastRegion: 3 as unknown as string })).toThrow(/lastRegion/)
    expect(() => settings.write({ lastRegion: '' })).toThrow(/lastRegion/)
    expect(settings.read()).toEqual(defaults)
  })

  it.each(['{"lastRegion":', '{"lastRegion":7}', '[]', ''])(
    'start from the defaults when the file holds %j',
    async (content) => {
      const directory = await folder('settings')
      await writeFile(join(directory, 'settings.json'), content)
      expect(createSettings(directory).read()).toEqual(defaults)
    }
  )
})
