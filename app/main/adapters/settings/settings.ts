import Conf from 'conf'
import type { Settings, SettingsStore } from '../../core/ports/index.ts'
import { settingsSchema } from './schema.ts'

/** Settings in `settings.json` of this folder. A damaged file counts as none: settings are comforts, not data. */
export function createSettings(directory: string): SettingsStore {
  const conf = new Conf<Settings>({
    cwd: directory,
    configName: 'settings',
    schema: settingsSchema,
    clearInvalidConfig: true,
    configFileMode: 0o600
  })
  return {
    read: () => conf.store,
    write: (change) => conf.set(change)
  }
}
