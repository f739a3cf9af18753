import { ipcMain } from 'electron'
import ElectronStore from 'electron-store'
import type { Schema } from 'electron-store'

/** What the Electron shell itself remembers; settings of the manager are the manager's. */
interface ShellSettings {
  window: { x: number; y: number; width: number; height: number; maximized: boolean } | null
  stayNoticeShown: boolean
}

const schema: Schema<ShellSettings> = {
  window: {
    anyOf: [
      { type: 'null' },
      {
        type: 'object',
        properties: {
          x: { type: 'integer' },
          y: { type: 'integer' },
          width: { type: 'integer', minimum: 1 },
          height: { type: 'integer', minimum: 1 },
          maximized: { type: 'boolean' }
        },
        required: ['x', 'y', 'width', 'height', 'maximized'],
        additionalProperties: false
      }
    ]
  },
  stayNoticeShown: { type: 'boolean' }
}

const defaults: ShellSettings = { window: null, stayNoticeShown: false }

/** Opens the settings of the shell in a directory. A damaged file is started anew: it holds nothing worth a refusal. */
export function openShellSettings(directory: string): {
  read(): Readonly<ShellSettings>
  write(change: Partial<ShellSettings>): void
} {
  const store = new ElectronStore<ShellSettings>({
    cwd: directory, name: 'window', schema, defaults, clearInvalidConfig: true
  })
  // The library answers every page on a channel of its own, without a look at who asks; no page of ours does.
  ipcMain.removeAllListeners('electron-store-get-data')
  return {
    read: () => store.store,
    write: change => { store.set(change) }
  }
}
