import type { MenuItemConstructorOptions } from 'electron'

/**
 * The menu bar: what each system expects and nothing more. Without an Edit menu a Mac has no copy and paste at all. No
 * developer tools and no reload in the product: a reload looks like a fault.
 */
export function menuTemplate(platform: NodeJS.Platform, development: boolean): MenuItemConstructorOptions[] {
  const file: MenuItemConstructorOptions = { role: 'fileMenu' }
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      ...(development ? [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }] as const : []),
      { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }
    ]
  }
  const common: MenuItemConstructorOptions[] = [{ role: 'editMenu' }, view]
  return platform === 'darwin'
    ? [{ role: 'appMenu' }, file, ...common, { role: 'windowMenu' }]
    : [file, ...common]
}
