import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactElement } from 'react'
import type { OwnImage } from '../../../contract/index.ts'
import { useCommand } from '../../data/use-command.ts'
import { text } from '../../strings/index.ts'
import { ConfirmByName } from '../../ui/confirm-by-name.tsx'

/** Removes an image with its snapshots, once its name was typed. */
export function DeregisterImage({ region, image }: { region: string; image: OwnImage }): ReactElement {
  const [asking, setAsking] = useState(false)
  const deregister = useCommand('images.deregister')
  const queries = useQueryClient()
  const words = text.images
  const close = (): void => {
    setAsking(false)
  }
  return (
    <>
      <Button
        variant="default"
        size="xs"
        aria-label={words.deregisterLabel(image.name)}
        onClick={() => {
          deregister.reset()
          setAsking(true)
        }}
      >
        {words.deregister}
      </Button>
      {asking && (
        <ConfirmByName
          title={words.deregisterTitle(image.name)}
          name={image.name}
          label={words.typeName}
          action={words.deregister}
          color="red"
          explanation={words.deregisterText}
          busy={deregister.isPending}
          error={deregister.error}
          onClose={close}
          onConfirm={() => {
            deregister.mutate(
              { region, id: image.id, confirm: image.name },
              {
                onSuccess: () => {
                  close()
                  void queries.invalidateQueries({ queryKey: ['own-images', region] })
                  void queries.invalidateQueries({ queryKey: ['images', region] })
                }
              }
            )
          }}
        />
      )}
    </>
  )
}
