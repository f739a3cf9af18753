import type { Handlers } from '../../core/handlers.ts'
import { RmadaError } from '../../core/error.ts'
import type { Cloud } from '../../core/ports/index.ts'
import type { ManagerPorts } from '../manager.ts'
import type { Fleet } from '../networks/fleet.ts'
import type { Catalogue } from './catalogue.ts'
import type { Regions } from './regions.ts'

type Ours = `regions.${string}` | `accounts.${string}` | `connection.${string}`
type RegionHandlers = Pick<Handlers, Extract<keyof Handlers, Ours>>

/** Everything that clients can ask about regions, the accounts behind them and the way there. */
export function regionHandlers(
  ports: ManagerPorts, regions: Regions, catalogue: Catalogue, fleet: Fleet
): RegionHandlers {
  const { accounts, connection } = regions
  const regionsWithNetworks = () => [...new Set(fleet.registry.views().map(network => network.region))]

  /** From now on regions are reached in another way: what they said and how they were watched is of the old one. */
  const reopen = async (ids: readonly string[], keep: readonly string[], before = accounts.chosen()) => {
    regions.reopen(keep, before)
    for (const id of ids) {
      catalogue.forget(id)
      fleet.disregard(id)
    }
    await Promise.all(keep.map(async id => (await fleet.attend(id)).look()).map(look => look.catch((error: unknown) => {
      ports.log('warn', 'A region cannot be seen since its connection changed', { reason: String(error) })
    })))
  }
  const everyRegion = () => regions.list().map(region => region.id)

  return {
    'regions.list': async () => regions.list(),
    'regions.connect': async input => {
      const region = await regions.connect(input, cloud => sameAccount(input.region, cloud))
      catalogue.forget(region.id)
      fleet.disregard(region.id)
      await (await fleet.attend(region.id)).look()
      ports.settings.write({ lastRegion: region.id })
      return region
    },
    'regions.identify': async ({ region }) => {
      const { cloud } = await regions.open(region)
      return { region, ...await cloud.identity(), by: regions.by(region) }
    },
    'regions.permissions': async ({ region }) => {
      const { cloud } = await regions.open(region)
      const checks = await cloud.permissions()
      return {
        checks: [...checks],
        missing: checks.filter(check => check.result === 'denied').map(check => check.action),
        policy: await ports.readResource('resources/iam-policy.json')
      }
    },
    'regions.forget': async ({ region }) => {
      const networks = fleet.registry.views().filter(network => network.region === region)
      if (networks.length > 0) throw inUse(region, networks.map(network => network.name))
      regions.forget(region)
      catalogue.forget(region)
      fleet.disregard(region)
      return {}
    },

    'accounts.list': async () => accounts.list(),
    'accounts.use': async choice => {
      const before = accounts.chosen()
      await accounts.use(choice)
      await reopen(everyRegion(), regionsWithNetworks(), before)
      return accounts.list()
    },
    'accounts.storeKey': async key => {
      const stored = await accounts.store(key)
      await reopen(everyRegion(), regionsWithNetworks())
      return stored
    },
    'accounts.deleteKey': async ({ name }) => {
      const networks = fleet.registry.views()
        .filter(network => regions.remembered(network.region)?.key === name).map(network => network.name)
      if (networks.length > 0) {
        throw new RmadaError('ACCOUNT_IN_USE',
          `The access key "${name}" is what these networks are reached with: ${networks.join(', ')}.`,
          { suggestion: 'Terminate them first, or they could no longer be terminated from here.' })
      }
      await accounts.delete(name)
      await reopen(everyRegion(), regionsWithNetworks())
      return {}
    },

    'connection.get': async () => connection.get(),
    'connection.set': async change => {
      await connection.set(change)
      await reopen(everyRegion(), regionsWithNetworks())
      return connection.get()
    }
  }

  /** Networks of one account would seem gone in another: a region with networks keeps its account. */
  async function sameAccount(region: string, next: Cloud): Promise<void> {
    const names = fleet.registry.views().filter(network => network.region === region).map(network => network.name)
    if (names.length === 0) return
    const now = await accountOf(async () => (await regions.open(region)).cloud)
    const then = now === null ? null : await accountOf(async () => next)
    if (now !== null && then !== null && now !== then) throw inUse(region, names)
  }
}

/** Null where the cloud does not say: an endpoint without STS, a sign-in that is over. */
async function accountOf(open: () => Promise<Cloud>): Promise<string | null> {
  try {
    return (await (await open()).identity()).account
  } catch (error) {
    if (error instanceof RmadaError) return null
    throw error
  }
}

function inUse(region: string, names: readonly string[]): RmadaError {
  return new RmadaError('ACCOUNT_IN_USE',
    `Networks of another account or endpoint are in ${region}: ${names.join(', ')}.`,
    { suggestion: 'Terminate them first, or use another region for this account.' })
}
