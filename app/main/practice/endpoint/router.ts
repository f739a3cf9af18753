import type { Action, Actions, Context } from './action.ts'
import type { JsonService } from './json-action.ts'
import { describeInstancesActions } from './actions/describe-instances.ts'
import { imageActions } from './actions/images.ts'
import { instancePowerActions } from './actions/instance-power.ts'
import { instanceTypeActions } from './actions/instance-types.ts'
import { keyPairActions } from './actions/key-pairs.ts'
import { networkingActions } from './actions/networking.ts'
import { ownImageActions } from './actions/own-images.ts'
import { parameterActions } from './actions/parameters.ts'
import { placementGroupActions } from './actions/placement-groups.ts'
import { pricingActions } from './actions/pricing.ts'
import { regionActions } from './actions/regions.ts'
import { runInstancesActions } from './actions/run-instances.ts'
import { securityGroupRuleActions } from './actions/security-group-rules.ts'
import { securityGroupActions } from './actions/security-groups.ts'
import { serviceQuotaActions } from './actions/service-quotas.ts'
import { spotRequestActions } from './actions/spot-requests.ts'
import { stsActions } from './actions/caller-identity.ts'
import { spotPriceActions } from './actions/spot-prices.ts'
import { snapshotActions } from './actions/snapshots.ts'
import { tagActions } from './actions/tags.ts'
import { volumeActions } from './actions/volumes.ts'
import { Ec2Error, unsupported } from './protocol/error.ts'
import type { Parameters } from './protocol/parameters.ts'
import type { JsonServiceName, QueryServiceName } from './protocol/signature.ts'
import type { Reply } from './protocol/xml.ts'

/** Every action of EC2 that the practice cloud has. A new group of actions is one more line. */
export const ec2Actions: Actions = {
  ...regionActions,
  ...instanceTypeActions,
  ...spotPriceActions,
  ...imageActions,
  ...ownImageActions,
  ...networkingActions,
  ...keyPairActions,
  ...securityGroupActions,
  ...securityGroupRuleActions,
  ...placementGroupActions,
  ...runInstancesActions,
  ...spotRequestActions,
  ...describeInstancesActions,
  ...instancePowerActions,
  ...volumeActions,
  ...snapshotActions,
  ...tagActions
}

const services = {
  ec2: { actions: ec2Actions, version: '2016-11-15' },
  sts: { actions: stsActions, version: '2011-06-15' }
}

/** Every service of the endpoint that speaks JSON. */
export const jsonServices: Readonly<Record<JsonServiceName, JsonService>> = {
  ssm: { target: 'AmazonSSM', actions: parameterActions },
  pricing: { target: 'AWSPriceListService', actions: pricingActions },
  servicequotas: { target: 'ServiceQuotasV20190624', actions: serviceQuotaActions }
}

/** Finds the action of a request, checks the names of its parameters and runs it. */
export async function answer(service: QueryServiceName, parameters: Parameters, context: Context): Promise<Reply> {
  const { actions, version } = services[service]
  const name = parameters.text('Action')
  if (!name) throw new Ec2Error('MissingAction', 'The request must contain the parameter Action')
  const asked = parameters.required('Version')
  const action = Object.hasOwn(actions, name) && asked === version ? actions[name] : undefined
  if (!action) throw new Ec2Error('InvalidAction', `The action ${name} is not valid for this web service.`)
  checkNames(action, parameters)
  const dryRun = parameters.boolean('DryRun') ?? false
  if (!dryRun) return action.run(parameters, context)
  // An action that changes something ends at its first change, when all its checks have passed.
  await action.run(parameters, { ...context, state: context.state, change: async () => refuseDryRun() })
  return refuseDryRun()
}

function checkNames(action: Action, parameters: Parameters): void {
  for (const name of parameters.names()) {
    if (action.refuses?.includes(name)) {
      if (parameters.text(name)?.toLowerCase() === 'false') continue
      throw unsupported(`The practice cloud does not have what the parameter ${name} asks for.`)
    } else if (!action.accepts.includes(name)) {
      throw new Ec2Error('UnknownParameter', `The parameter ${name} is not recognized`)
    }
  }
}

function refuseDryRun(): never {
  throw new Ec2Error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)
}
