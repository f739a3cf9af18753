import type { Action, Actions } from '../action.ts'
import { notFound } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { checkIdForm } from '../protocol/ids.ts'
import { page } from '../protocol/pages.ts'
import { describeSpotRequest, spotRequestState, spotStatus } from '../spot/describe-request.ts'
import { tagsOf, type SpotRequest, type State } from '../state.ts'

/** The requests of these ids; all of them exist, or the call is refused as a whole. */
function requestsById(ids: readonly string[], state: State): SpotRequest[] {
  checkIdForm(ids, 'sir', 'InvalidSpotInstanceRequestID.Malformed')
  const unknown = ids.filter((id) => !state.spotRequests.some((request) => request.id === id))
  if (unknown.length > 0)
    throw notFound('InvalidSpotInstanceRequestID.NotFound', 'spot instance request ID', unknown)
  return state.spotRequests.filter((request) => ids.includes(request.id))
}

const describeSpotInstanceRequests: Action = {
  accepts: ['Filter', 'SpotInstanceRequestId', 'MaxResults', 'NextToken'],
  run(parameters, { state }) {
    const ids = parameters.list('SpotInstanceRequestId')
    const wanted = ids.length === 0 ? state.spotRequests : requestsById(ids, state)
    const chosen = select(
      wanted,
      readFilters(parameters),
      {
        'spot-instance-request-id': (request) => request.id,
        'instance-id': (request) => request.instanceId,
        state: (request) => spotRequestState(request, state),
        'status-code': (request) => spotStatus(request, state).code,
        'spot-price': (request) => request.maxPrice,
        type: () => 'one-time',
        'product-description': () => 'Linux/UNIX',
        'launched-availability-zone': (request) => request.zone,
        'launch.image-id': (request) => request.imageId,
        'launch.instance-type': (request) => request.type,
        'launch.key-name': (request) => request.keyName,
        'create-time': (request) => request.createdAt
      },
      (request) => tagsOf(state, request.id)
    )
    const { items, nextToken } = page(parameters, chosen, (request) => request.sequence, { least: 5, most: 1000 })
    return { spotInstanceRequestSet: items.map((request) => describeSpotRequest(request, state)), nextToken }
  }
}

/** The instances go on: EC2 ends them at TerminateInstances only. */
const cancelSpotInstanceRequests: Action = {
  accepts: ['SpotInstanceRequestId'],
  async run(parameters, context) {
    const ids = parameters.requiredList('SpotInstanceRequestId')
    const requests = await context.change((draft) => {
      const found = requestsById(ids, draft)
      const now = `${new Date().toISOString().slice(0, 19)}.000Z`
      for (const request of found) {
        if (spotRequestState(request, draft) === 'active') request.cancelledAt = now
      }
      return found.map((request) => ({ id: request.id, state: spotRequestState(request, draft) }))
    })
    return {
      spotInstanceRequestSet: requests.map(({ id, state }) => ({ spotInstanceRequestId: id, state }))
    }
  }
}

export const spotRequestActions: Actions = {
  DescribeSpotInstanceRequests: describeSpotInstanceRequests,
  CancelSpotInstanceRequests: cancelSpotInstanceRequests
}
