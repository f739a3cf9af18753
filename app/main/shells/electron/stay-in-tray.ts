import { Menu, Tray, dialog } from 'electron'

export interface StayOptions {
  readonly icon: string
  readonly noticeShown: boolean
  readonly onNoticeShown: () => void
  readonly onOpen: () => void
  readonly onQuit: () => void
}

let tray: Tray | null = null

/**
 * Keeps the app within reach while it has no window. The first time it says so and asks, for a program that goes on
 * unseen surprises people.
 */
export async function stayInTray({ icon, noticeShown, onNoticeShown, onOpen, onQuit }: StayOptions): Promise<void> {
  if (tray === null) {
    tray = new Tray(icon)
    tray.setToolTip('Rmada')
    tray.setContextMenu(Menu.buildFromTemplate([
      { label: 'Open Rmada', click: onOpen },
      { type: 'separator' },
      { label: 'Quit Rmada', click: onQuit }
    ]))
    tray.on('click', onOpen)
  }
  if (noticeShown) return
  onNoticeShown()
  const { response } = await dialog.showMessageBox({
    type: 'info',
    title: 'Rmada',
    message: 'Rmada keeps running, because you have networks.',
    detail: 'R consoles and web pages that work through it stay connected. Open it again from the icon beside the '
      + 'clock or by starting it again. After Quit the networks still run and still cost money, but nothing here '
      + 'reaches them.',
    buttons: ['Keep running', 'Quit'],
    defaultId: 0,
    cancelId: 0
  })
  if (response === 1) onQuit()
}
