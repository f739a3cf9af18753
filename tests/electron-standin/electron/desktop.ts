import type {
  Display, MenuItemConstructorOptions, MessageBoxOptions, MessageBoxReturnValue, NativeTheme, Protocol, Screen,
  Shell
} from 'electron'
import { EventEmitter } from 'node:events'
import { schemeHandlers } from './traffic.ts'

/** What the desktop around the app saw; the test reads it. */
export const seen = {
  openedExternally: [] as string[],
  dialogs: [] as MessageBoxOptions[],
  /** The button that the user presses next. */
  nextAnswer: 0,
  menu: [] as readonly MenuItemConstructorOptions[],
  privileges: [] as { scheme: string }[]
}

export const shell = {
  openExternal: async address => { seen.openedExternally.push(address) }
} satisfies Pick<Shell, 'openExternal'>

export const dialog = {
  // Without a window before it, as a dialog of an app that has none; Electron's own type has both forms.
  showMessageBox: async (options: MessageBoxOptions): Promise<MessageBoxReturnValue> => {
    seen.dialogs.push(options)
    return { response: seen.nextAnswer, checkboxChecked: false }
  }
}

export class Menu {
  readonly template: readonly MenuItemConstructorOptions[]
  constructor(template: readonly MenuItemConstructorOptions[]) { this.template = template }
  static buildFromTemplate(template: MenuItemConstructorOptions[]): Menu { return new Menu(template) }
  static setApplicationMenu(menu: Menu): void { seen.menu = menu.template }
}

export class Tray extends EventEmitter {
  static readonly all: Tray[] = []
  menu: Menu | null = null
  readonly icon: string
  constructor(icon: string) {
    super()
    this.icon = icon
    Tray.all.push(this)
  }
  setToolTip(): void { /* Nobody hovers. */ }
  setContextMenu(menu: Menu): void { this.menu = menu }
}

export const protocol = {
  registerSchemesAsPrivileged: schemes => { seen.privileges.push(...schemes) },
  handle: (scheme, handler) => { schemeHandlers.set(scheme, handler) }
} satisfies Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>

export const nativeTheme = { shouldUseDarkColors: false } satisfies Pick<NativeTheme, 'shouldUseDarkColors'>

const workArea = { x: 0, y: 0, width: 1600, height: 900 }
export const screen = {
  // The app reads the work area alone.
  getAllDisplays: () => [{ workArea }] as Display[]
} satisfies Pick<Screen, 'getAllDisplays'>
