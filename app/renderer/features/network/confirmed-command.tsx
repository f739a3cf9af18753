import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { useCommand } from '../../data/use-command.ts'
import { ConfirmByName } from '../../ui/confirm-by-name.tsx'

interface ConfirmedCommandProps {
  readonly method: 'networks.stop' | 'networks.start'
  /** Of the network that is hit. */
  readonly name: string
  readonly label: string
  readonly icon: ReactNode
  readonly title: string
  readonly explanation: string
}

/** A button that does something to a whole network once its name was typed. */
export function ConfirmedCommand(props: ConfirmedCommandProps): ReactElement {
  const [asking, setAsking] = useState(false)
  const command = useCommand(props.method)
  const close = (): void => {
    setAsking(false)
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={props.icon}
        onClick={() => {
          command.reset()
          setAsking(true)
        }}
      >
        {props.label}
      </Button>
      {asking && (
        <ConfirmByName
          title={props.title}
          name={props.name}
          action={props.label}
          color="harbor"
          explanation={props.explanation}
          busy={command.isPending}
          error={command.error}
          onClose={close}
          onConfirm={() => {
            command.mutate({ name: props.name }, { onSuccess: close })
          }}
        />
      )}
    </>
  )
}
