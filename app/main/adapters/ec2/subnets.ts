import type { SubnetRecord } from '../../core/ports/index.ts'
import type { Session } from './session.ts'

/** Every subnet of the region that is ready to be used. */
export function listSubnets(session: Session): Promise<readonly SubnetRecord[]> {
  return session.call('DescribeSubnets', async (client, { paginateDescribeSubnets }) => {
    const subnets: SubnetRecord[] = []
    const query = { Filters: [{ Name: 'state', Values: ['available'] }] }
    for await (const page of paginateDescribeSubnets({ client, pageSize: 1000 }, query)) {
      for (const subnet of page.Subnets ?? []) {
        subnets.push({
          id: subnet.SubnetId ?? '',
          vpcId: subnet.VpcId ?? '',
          zone: subnet.AvailabilityZone ?? '',
          freeAddresses: subnet.AvailableIpAddressCount ?? 0,
          defaultForZone: subnet.DefaultForAz ?? false,
          givesPublicAddresses: subnet.MapPublicIpOnLaunch ?? false
        })
      }
    }
    return subnets
  })
}
