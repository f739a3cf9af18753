import { skipToken, useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { InstanceType, MachineImage, Region, Zone } from '../../contract/index.ts'
import { useClient } from './connection-context.ts'

const aWhile = 5 * 60_000

/** Regions that can be chosen. */
export function useRegions(): UseQueryResult<Region[]> {
  const client = useClient()
  return useQuery({ queryKey: ['regions'], queryFn: () => client.call('regions.list', {}), staleTime: aWhile })
}

/** Instance types offered in a region; asks nothing while there is none. */
export function useInstanceTypes(region: string | null): UseQueryResult<InstanceType[]> {
  const client = useClient()
  return useQuery({
    queryKey: ['instance-types', region],
    staleTime: aWhile,
    queryFn: region === null ? skipToken : () => client.call('catalogue.instanceTypes', { region })
  })
}

/** Machine images that can be launched in a region. */
export function useImages(region: string | null): UseQueryResult<MachineImage[]> {
  const client = useClient()
  return useQuery({
    queryKey: ['images', region],
    staleTime: aWhile,
    queryFn: region === null ? skipToken : () => client.call('catalogue.images', { region })
  })
}

/** Availability zones of a region. */
export function useZones(region: string | null): UseQueryResult<Zone[]> {
  const client = useClient()
  return useQuery({
    queryKey: ['zones', region],
    staleTime: aWhile,
    queryFn: region === null ? skipToken : () => client.call('catalogue.zones', { region })
  })
}
