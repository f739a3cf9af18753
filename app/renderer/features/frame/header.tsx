import { AppShell } from '@mantine/core'
import type { ReactElement } from 'react'
import { hrefOf } from '../../routing/route.ts'
import type { Route } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { TasksTray } from '../tasks/tasks-tray.tsx'
import { SchemeMenu } from './scheme-menu.tsx'
import classes from './frame.module.css'

/** The sections of the window, in their order, and the routes that belong to each. */
const sections = [
  { label: text.general.networks, route: { at: 'networks' }, holds: ['networks', 'network', 'create'] },
  { label: text.general.accounts, route: { at: 'accounts' }, holds: ['accounts'] },
  { label: text.general.volumes, route: { at: 'volumes' }, holds: ['volumes'] },
  { label: text.general.orphans, route: { at: 'orphans' }, holds: ['orphans'] },
  { label: text.general.images, route: { at: 'images' }, holds: ['images'] },
  { label: text.general.about, route: { at: 'about' }, holds: ['about'] }
] as const satisfies readonly {
  label: string
  route: Exclude<Route, { at: 'unknown' }>
  holds: readonly Route['at'][]
}[]

export function Header({ route }: { route: Route }): ReactElement {
  return (
    <AppShell.Header className={classes.header}>
      <a className={classes.brand} href={hrefOf({ at: 'networks' })}>
        <img src="./icon.svg" width={26} height={26} alt="" />
        {text.general.appName}
      </a>
      <nav aria-label={text.general.mainNavigation}>
        {sections.map((section) => (
          <a
            key={section.label}
            className={classes.link}
            href={hrefOf(section.route)}
            aria-current={section.holds.some((at) => at === route.at) ? 'page' : undefined}
          >
            {section.label}
          </a>
        ))}
      </nav>
      <div className={classes.end}>
        <TasksTray />
        <SchemeMenu />
      </div>
    </AppShell.Header>
  )
}
