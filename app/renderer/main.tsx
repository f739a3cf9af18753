import './strict-policy.ts'
import '@fontsource-variable/inter/opsz.css'
import '@mantine/core/styles.css'
import './theme/global.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ConnectionContext } from './data/connection-context.ts'
import { followSets } from './data/follow-set.ts'
import { createQueryClient } from './data/query-client.ts'
import { Frame } from './features/frame/frame.tsx'
import { followActivation } from './features/frame/follow-activation.ts'
import { cssVariables, theme } from './theme/theme.ts'
import { connect } from './transport/connect.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

const connection = connect(window)
const queryClient = createQueryClient()
followSets(connection.client, queryClient)
followActivation(connection.client)

createRoot(root).render(
  <StrictMode>
    <ConnectionContext value={connection}>
      <QueryClientProvider client={queryClient}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
          <Frame />
        </MantineProvider>
      </QueryClientProvider>
    </ConnectionContext>
  </StrictMode>
)
