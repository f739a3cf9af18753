import type { Cloud, SpotRequestRecord } from '../../core/ports/index.ts'
import { ec2Code } from './errors.ts'
import type { Session } from './session.ts'
import { fromTags, withTags } from './tags.ts'

const unknownId = /^InvalidSpotInstanceRequestID\.NotFound$/

/** Spot requests: looked at and cancelled here, made by RunInstances. */
export function spotRequestVerbs({ call }: Session): Pick<Cloud, 'spotRequests' | 'cancelSpotRequests'> {
  const cancel = (ids: readonly string[]) =>
    call('CancelSpotInstanceRequests', (client, { CancelSpotInstanceRequestsCommand }) =>
      client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [...ids] }))
    )

  return {
    spotRequests: (tags) =>
      call('DescribeSpotInstanceRequests', async (client, { paginateDescribeSpotInstanceRequests }) => {
        const requests: SpotRequestRecord[] = []
        const query = { Filters: withTags(tags) }
        for await (const page of paginateDescribeSpotInstanceRequests({ client, pageSize: 1000 }, query)) {
          for (const request of page.SpotInstanceRequests ?? []) {
            requests.push({
              id: request.SpotInstanceRequestId ?? '',
              state: request.State ?? '',
              instanceId: request.InstanceId ?? null,
              tags: fromTags(request.Tags)
            })
          }
        }
        return requests
      }),
    async cancelSpotRequests(ids) {
      if (ids.length === 0) return
      try {
        await cancel(ids)
      } catch (error) {
        if (!unknownId.test(ec2Code(error))) throw error
        // One unknown id makes EC2 refuse them all: then they go one by one.
        if (ids.length > 1) for (const id of ids) await this.cancelSpotRequests([id])
      }
    }
  }
}
