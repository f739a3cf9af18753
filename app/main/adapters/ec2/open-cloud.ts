import type { CloudAccess, OpenCloud } from '../../core/ports/index.ts'
import { findDefaultVpc, listInstanceTypes, listZones } from './catalogue.ts'
import { ordinarySurroundings } from './client-config.ts'
import type { Surroundings } from './client-config.ts'
import { callerIdentity } from './identity.ts'
import { findImage, listImages } from './images.ts'
import { instanceVerbs } from './instances.ts'
import { keyPairVerbs } from './key-pairs.ts'
import { checkPermissions } from './permissions.ts'
import { volumeVerbs } from './volumes.ts'
import { ownImageVerbs } from './own-images.ts'
import { placementGroupVerbs } from './placement-groups.ts'
import { readPriceList, readSpotPrices } from './prices.ts'
import { ordinaryPatience } from './retry.ts'
import type { Patience } from './retry.ts'
import { vcpuLimit } from './service-quotas.ts'
import { securityGroupVerbs } from './security-groups.ts'
import { createSession } from './session.ts'
import { spotRequestVerbs } from './spot-requests.ts'
import { listSubnets } from './subnets.ts'

/** The endpoint that calls go to; where none is given the SDK heeds these variables by itself. */
function endpointOf(access: CloudAccess): string | null {
  return access.endpoint ?? (process.env['AWS_ENDPOINT_URL_EC2'] || process.env['AWS_ENDPOINT_URL'] || null)
}

function isAws(endpoint: string | null): boolean {
  return endpoint === null || /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(endpoint).hostname)
}

/** Makes openCloud with a patience of its own. */
export function createOpenCloud(patience: Patience, surroundings: Surroundings = ordinarySurroundings): OpenCloud {
  return (given) => {
    const access = { ...given, endpoint: endpointOf(given) }
    const session = createSession(access, patience, surroundings)
    const onAws = isAws(access.endpoint)
    const sts = onAws || surroundings.environment['AWS_ENDPOINT_URL_STS'] ? null : access.endpoint
    const ssm = onAws || surroundings.environment['AWS_ENDPOINT_URL_SSM'] ? null : access.endpoint
    return {
      region: access.region,
      sshPortByTag: !onAws,
      zones: () => listZones(session),
      instanceTypes: () => listInstanceTypes(session),
      priceList: () => readPriceList(session, access.region, onAws ? null : access.endpoint),
      spotPrices: (of) => readSpotPrices(session, of),
      images: () => listImages(session, ssm, onAws),
      image: (id) => findImage(session, id),
      defaultVpc: () => findDefaultVpc(session),
      identity: () => callerIdentity(session, sts),
      permissions: () => checkPermissions(session, sts),
      ...keyPairVerbs(session),
      ...securityGroupVerbs(session),
      ...placementGroupVerbs(session),
      subnets: () => listSubnets(session),
      vcpuLimit: (code) => vcpuLimit(session, onAws ? null : access.endpoint, code),
      ...spotRequestVerbs(session),
      ...instanceVerbs(session),
      ...ownImageVerbs(session),
      ...volumeVerbs(session)
    }
  }
}

/** The Cloud of one region over the AWS SDK. */
export const openCloud: OpenCloud = createOpenCloud(ordinaryPatience)
