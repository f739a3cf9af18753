import { AppShell, Container } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { ReactElement } from 'react'
import { useConnectionState } from '../../data/connection-context.ts'
import { useRoute } from '../../routing/use-route.ts'
import { text } from '../../strings/index.ts'
import { EndedTaskNotices } from '../tasks/ended-task-notices.tsx'
import { ConnectionBanner, Refused } from './connection-banner.tsx'
import { Header } from './header.tsx'
import { View } from './view.tsx'
import classes from './frame.module.css'

/** The window: head, the view that the address names, and news that come up. */
export function Frame(): ReactElement {
  const state = useConnectionState()
  const route = useRoute()
  const main = useRef<HTMLElement>(null)
  const place = JSON.stringify(route)
  const shown = useRef(place)

  useEffect(() => {
    // On a change of view, not at the start: there the browser's own place for the focus is right.
    if (shown.current === place) return
    shown.current = place
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [place])

  return (
    <AppShell header={{ height: 56 }} padding={0}>
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault() // The hash is the address of the view.
          main.current?.focus()
        }}
      >
        {text.general.skipToContent}
      </a>
      <Header route={route} />
      <AppShell.Main ref={main} id="main" tabIndex={-1} className={classes.main}>
        <ConnectionBanner state={state} />
        <Container size={1280} px={{ base: 'md', sm: 'xl' }} py="xl">
          {state.kind === 'refused' ? <Refused error={state.error} /> : <View route={route} place={place} />}
        </Container>
      </AppShell.Main>
      <EndedTaskNotices />
    </AppShell>
  )
}
