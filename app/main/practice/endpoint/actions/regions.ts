import { practiceZones } from '../../catalogue.ts'
import type { Actions } from '../action.ts'
import { Ec2Error } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'

export const regionActions: Actions = {
  DescribeRegions: {
    accepts: ['Filter', 'RegionName', 'AllRegions'],
    run(parameters, { region, host }) {
      const names = parameters.list('RegionName')
      const unknown = names.find((name) => name !== region)
      if (unknown !== undefined) throw new Ec2Error('InvalidParameterValue', `Invalid region name: ${unknown}`)
      const regions = select(
        [{ name: region, endpoint: host, optIn: 'opt-in-not-required' }],
        readFilters(parameters),
        {
          'region-name': (item) => item.name,
          endpoint: (item) => item.endpoint,
          'opt-in-status': (item) => item.optIn
        }
      )
      return {
        regionInfo: regions.map((item) => ({
          regionName: item.name,
          regionEndpoint: item.endpoint,
          optInStatus: item.optIn
        }))
      }
    }
  },

  DescribeAvailabilityZones: {
    accepts: ['Filter', 'ZoneName', 'ZoneId', 'AllAvailabilityZones'],
    run(parameters, { region }) {
      const names = parameters.list('ZoneName')
      const ids = parameters.list('ZoneId')
      const unknown = [
        ...names.filter((name) => !practiceZones.some((zone) => zone.name === name)),
        ...ids.filter((id) => !practiceZones.some((zone) => zone.id === id))
      ]
      if (unknown.length > 0)
        throw new Ec2Error('InvalidParameterValue', `Invalid availability zone: [${unknown.join(', ')}]`)
      const wanted = practiceZones.filter(
        (zone) => names.length + ids.length === 0 || names.includes(zone.name) || ids.includes(zone.id)
      )
      const zones = select(wanted, readFilters(parameters), {
        'zone-name': (zone) => zone.name,
        'zone-id': (zone) => zone.id,
        'region-name': () => region,
        state: () => 'available',
        'zone-type': () => 'availability-zone',
        'group-name': () => region,
        'opt-in-status': () => 'opt-in-not-required',
        'network-border-group': () => region
      })
      return {
        availabilityZoneInfo: zones.map((zone) => ({
          zoneName: zone.name,
          zoneId: zone.id,
          zoneState: 'available',
          regionName: region,
          groupName: region,
          networkBorderGroup: region,
          optInStatus: 'opt-in-not-required',
          zoneType: 'availability-zone',
          messageSet: []
        }))
      }
    }
  }
}
