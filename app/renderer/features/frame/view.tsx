import { Anchor, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import { hrefOf } from '../../routing/route.ts'
import type { Route } from '../../routing/route.ts'
import { text } from '../../strings/index.ts'
import { PageHead } from '../../ui/page-head.tsx'
import { ViewBoundary } from '../../ui/view-boundary.tsx'
import { AboutScreen } from '../about/about-screen.tsx'
import { AccountsScreen } from '../accounts/accounts-screen.tsx'
import { CreateScreen } from '../create/create-screen.tsx'
import { ImagesScreen } from '../images/images-screen.tsx'
import { NetworkScreen } from '../network/network-screen.tsx'
import { NetworksScreen } from '../networks/networks-screen.tsx'
import { VolumesScreen } from '../volumes/volumes-screen.tsx'
import { OrphansScreen } from '../orphans/orphans-screen.tsx'

/** The view of one route, fenced off so that its defects stay its own. */
export function View({ route, place }: { route: Route; place: string }): ReactElement {
  return (
    <ViewBoundary place={place}>
      <Screen route={route} />
    </ViewBoundary>
  )
}

function Screen({ route }: { route: Route }): ReactElement {
  switch (route.at) {
    case 'networks':
      return <NetworksScreen />
    case 'create':
      return <CreateScreen />
    case 'network':
      return <NetworkScreen key={route.name} name={route.name} />
    case 'accounts':
      return <AccountsScreen />
    case 'volumes':
      return <VolumesScreen />
    case 'orphans':
      return <OrphansScreen />
    case 'images':
      return <ImagesScreen />
    case 'about':
      return <AboutScreen />
    case 'unknown':
      return <NothingHere />
  }
}

function NothingHere(): ReactElement {
  return (
    <>
      <PageHead title={text.general.notFoundTitle} />
      <Text mt="sm">
        {text.general.notFoundDetail}{' '}
        <Anchor underline="always" href={hrefOf({ at: 'networks' })}>
          {text.general.toNetworks}
        </Anchor>
      </Text>
    </>
  )
}
