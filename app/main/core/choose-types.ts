import type { InstanceType, TypeOrder, TypeQuery } from '../../contract/index.ts'

type Test = (type: InstanceType) => boolean
type Compare = (a: InstanceType, b: InstanceType) => number

/** What the words of a search look at. */
function searchable(type: InstanceType): string {
  return [
    type.name, type.network, ...type.gpuNames, ...type.architectures, type.gpus > 0 ? 'gpu' : '', type.efa ? 'efa' : '',
    type.burstable ? 'burstable' : ''
  ].join(' ').toLowerCase()
}

function testsOf(query: TypeQuery): Test[] {
  const { minCores, maxCores, minMemoryGib, maxPrice, cluster, efa, gpu, current, architecture, zone } = query
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(word => word !== '')
  const tests: (Test | false)[] = [
    words.length > 0 && (type => {
      const text = searchable(type)
      return words.every(word => text.includes(word))
    }),
    minCores !== undefined && (type => type.cores >= minCores),
    maxCores !== undefined && (type => type.cores <= maxCores),
    minMemoryGib !== undefined && (type => type.memoryGib >= minMemoryGib),
    maxPrice !== undefined && (type => type.pricePerHour !== null && type.pricePerHour <= maxPrice),
    cluster !== undefined && (type => type.clusterPlacement === cluster),
    efa !== undefined && (type => type.efa === efa),
    gpu !== undefined && (type => type.gpus > 0 === gpu),
    current !== undefined && (type => type.currentGeneration === current),
    architecture !== undefined && (type => type.architectures.includes(architecture)),
    // A cloud that does not say is taken to offer a type everywhere.
    zone !== undefined && (type => type.zones.length === 0 || type.zones.includes(zone))
  ]
  return tests.filter(test => test !== false)
}

/** 0 for what MPI is best served by: close together, current, computing without rest, paid for no GPU. */
function mpiRank(type: InstanceType): number {
  if (!type.clusterPlacement) return type.currentGeneration ? 3 : 4
  if (!type.currentGeneration) return 2
  return type.gpus > 0 ? 1 : 0
}

const byName: Compare = (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })

/** What is not known comes last, whichever way round. */
function byNumber(value: (type: InstanceType) => number | null, descending: boolean): Compare {
  return (a, b) => {
    const [one, other] = [value(a), value(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return descending ? other - one : one - other
  }
}

const perCore = (type: InstanceType): number | null =>
  type.pricePerHour === null ? null : type.pricePerHour / Math.max(1, type.cores)

function compareBy(order: TypeOrder, descending: boolean): Compare {
  switch (order) {
    case 'name': return (a, b) => descending ? byName(b, a) : byName(a, b)
    case 'price': return byNumber(type => type.pricePerHour, descending)
    case 'spot': return byNumber(type => type.spotPricePerHour, descending)
    case 'price-per-core': return byNumber(perCore, descending)
    case 'cores': return byNumber(type => type.cores, descending)
    case 'memory': return byNumber(type => type.memoryGib, descending)
    case 'mpi': {
      const price = byNumber(type => type.pricePerHour, false)
      return (a, b) => (descending ? mpiRank(b) - mpiRank(a) : mpiRank(a) - mpiRank(b)) || price(a, b)
    }
  }
}

/** The types that fit a query, in its order; the first that comes to mind for MPI first when it names none. */
export function chooseTypes(types: readonly InstanceType[], query: TypeQuery): InstanceType[] {
  const tests = testsOf(query)
  const compare = compareBy(query.sort ?? 'mpi', query.descending ?? false)
  const chosen = types
    .filter(type => tests.every(test => test(type)))
    .toSorted((a, b) => compare(a, b) || byName(a, b))
  return query.limit === undefined ? chosen : chosen.slice(0, query.limit)
}
