import { Paper, Table, Text } from '@mantine/core'
import type { ReactElement } from 'react'
import type { ImageContents, OwnImage } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { Tone } from '../../ui/status-badge.tsx'
import { DeregisterImage } from './deregister-image.tsx'

const tones: Readonly<Record<OwnImage['state'], Tone>> = {
  pending: 'moving',
  available: 'good',
  failed: 'bad',
  other: 'quiet'
}

/** One row for each image; only those that Rmada made can be removed from here. */
export function ImagesTable({ region, images }: { region: string; images: readonly OwnImage[] }): ReactElement {
  const { columns } = text.images
  return (
    // Reached by the keyboard, because a narrow window scrolls it.
    <Paper component="section" p={0} style={{ overflowX: 'auto' }} tabIndex={0} aria-label={text.images.title}>
      <Table verticalSpacing="xs" horizontalSpacing="sm" aria-label={text.images.title}>
        <Table.Thead>
          <Table.Tr>
            {Object.values(columns).map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {images.map((image) => (
            <ImageRow key={image.id} region={region} image={image} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

function ImageRow({ region, image }: { region: string; image: OwnImage }): ReactElement {
  const words = text.images
  const size = image.snapshots.reduce((sum, snapshot) => sum + snapshot.sizeGib, 0)
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {image.name}
        <Text size="xs" c="dimmed">
          {image.id} {image.network === null ? '' : words.madeOf(image.network)}
        </Text>
      </Table.Th>
      <Table.Td>
        <StatusBadge tone={tones[image.state]}>{words.states[image.state]}</StatusBadge>
        {image.reason !== '' && <Text size="xs">{image.reason}</Text>}
      </Table.Td>
      <Table.Td>{image.ours ? carried(image.carries) : words.theirs}</Table.Td>
      <Table.Td>{image.createdAt === null ? text.general.none : <RelativeTime iso={image.createdAt} />}</Table.Td>
      <Table.Td className="numeric">{words.gib(size)}</Table.Td>
      <Table.Td className="numeric" title={image.priceSource ?? undefined}>
        {image.pricePerMonth === null ? text.general.none : words.monthly(image.pricePerMonth)}
      </Table.Td>
      <Table.Td>{image.ours && <DeregisterImage region={region} image={image} />}</Table.Td>
    </Table.Tr>
  )
}

function carried(contents: ImageContents | null | undefined): string {
  const { parts } = text.images
  const names = ['r', 'openMpi', 'rstudio', 'evaluator'] as const
  const told = names.flatMap((name) => (contents?.[name] ? [`${parts[name]} ${contents[name]}`] : []))
  return told.join(', ') || text.general.none
}
