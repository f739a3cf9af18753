import type { Network, Plan, ResolvedSpec } from '../../../contract/index.ts'
import { costText } from './cost-text.ts'
import { table } from './table.ts'

const price = (value: number | null): string => (value === null ? 'price unknown' : `$${value.toFixed(4)} an hour`)

/** All networks, one a line. */
export function networksText(networks: readonly Network[]): string {
  if (networks.length === 0) return 'No networks. Launch one with: rmada launch --instances 3 --wait'
  return table(
    ['NAME', 'STATUS', 'INSTANCES', 'TYPE', 'REGION', 'ZONE', 'LAUNCHED', 'PRICE'],
    networks.map((network) => [
      network.name,
      network.status,
      network.instances.length,
      network.instanceType,
      network.region,
      network.zone,
      network.createdAt,
      price(network.pricePerHour)
    ])
  )
}

/** One network with its instances. */
export function networkText(network: Network): string {
  const status = network.message === '' ? network.status : `${network.status} (${network.message})`
  const head = `${network.name}: ${status}, ${price(network.pricePerHour)}`
  return [
    head,
    table(
      ['INSTANCE', 'ROLE', 'STATE', 'HOST', 'PUBLIC ADDRESS', 'PRIVATE ADDRESS'],
      network.instances.map((instance) => [
        instance.id,
        instance.role,
        instance.state,
        instance.hostName,
        instance.publicDns ?? instance.publicIp,
        instance.privateIp
      ])
    )
  ].join('\n')
}

function specText({ name, instances, instanceType, zone, region, image, slotsPerHost }: ResolvedSpec): string {
  return `${name}: ${instances} x ${instanceType} in ${zone ?? region}, image ${image}, ${slotsPerHost} slots per host`
}

/** What a launch would create and cost, and what speaks against it. */
export function planText({ spec, creates, findings, estimate, total }: Plan): string {
  return [
    ...(spec ? [specText(spec)] : []),
    ...creates.map(({ kind, name, count }) => `Creates ${count} ${kind}: ${name}`),
    ...costText({ estimate, total }),
    ...findings.map(({ level, message, suggestion }) => `${level}: ${message} ${suggestion}`)
  ].join('\n')
}
