import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import type { CatalogueAge, InstanceType, MachineImage, OwnImage, Region, SpotHistory, TypeQuery, Zone } from '../../contract/index.ts'
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

/** The types that fit, in the order asked for; those found before stay while others are asked for. */
export function useChosenTypes(query: TypeQuery): UseQueryResult<InstanceType[]> {
  const client = useClient()
  return useQuery({
    queryKey: ['instance-types', query.region, query],
    staleTime: aWhile,
    placeholderData: keepPreviousData,
    queryFn: () => client.call('catalogue.instanceTypes', query)
  })
}

/** From when types and prices are, and where they come from. */
export function useCatalogueAge(region: string): UseQueryResult<CatalogueAge> {
  const client = useClient()
  return useQuery({
    queryKey: ['catalogue-age', region],
    staleTime: aWhile,
    queryFn: () => client.call('catalogue.age', { region })
  })
}

/** Spot price of a type now in each zone, and its range over a week. */
export function useSpotHistory(region: string, instanceType: string): UseQueryResult<SpotHistory> {
  const client = useClient()
  return useQuery({
    queryKey: ['spot-history', region, instanceType],
    staleTime: aWhile,
    queryFn: () => client.call('catalogue.spotHistory', { region, instanceType })
  })
}

/** Asks the cloud anew for its types and prices, and then everything that shows them. */
export function useRefreshTypes(region: string): UseMutationResult<unknown, Error, void> {
  const client = useClient()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.call('catalogue.instanceTypes', { region, limit: 1, refresh: true }),
    onSuccess: () =>
      Promise.all(
        ['instance-types', 'catalogue-age', 'spot-history', 'plan'].map((key) =>
          queries.invalidateQueries({ queryKey: key === 'plan' ? [key] : [key, region] })
        )
      )
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

/** Images with what speaks against each on an instance type; asks nothing while there is no type. */
export function useFittingImages(region: string | null, instanceType: string | null): UseQueryResult<MachineImage[]> {
  const client = useClient()
  return useQuery({
    queryKey: ['images', region, instanceType],
    staleTime: aWhile,
    queryFn:
      region === null || instanceType === null
        ? skipToken
        : () => client.call('catalogue.images', { region, instanceType })
  })
}

/** The account's own images; asked again while one is being made. */
export function useOwnImages(region: string): UseQueryResult<OwnImage[]> {
  const client = useClient()
  return useQuery({
    queryKey: ['own-images', region],
    queryFn: () => client.call('images.list', { region }),
    refetchInterval: ({ state }) => (state.data?.some((image) => image.state === 'pending') ? 5000 : false)
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
