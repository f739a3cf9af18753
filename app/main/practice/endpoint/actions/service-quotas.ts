import type { Context } from '../action.ts'
import type { JsonAction } from '../json-action.ts'
import { Ec2Error } from '../protocol/error.ts'
import { practiceQuotas } from '../quotas.ts'

const serviceName = 'Amazon Elastic Compute Cloud (Amazon EC2)'
const mostResults = 100

type Quota = (typeof practiceQuotas)[number]

const describe = (quota: Quota, { region, state }: Context) => ({
  ServiceCode: 'ec2',
  ServiceName: serviceName,
  QuotaArn: `arn:aws:servicequotas:${region}:${state.accountId}:ec2/${quota.code}`,
  QuotaCode: quota.code,
  QuotaName: quota.name,
  Value: quota.value,
  Unit: 'None',
  Adjustable: true,
  GlobalQuota: false
})

function checkService(input: Readonly<Record<string, unknown>>): void {
  if (typeof input['ServiceCode'] !== 'string') {
    throw new Ec2Error('IllegalArgumentException', 'The request must have a service code.')
  }
  if (input['ServiceCode'] !== 'ec2') {
    throw new Ec2Error('NoSuchResourceException', `There is no service of the code ${input['ServiceCode']} here.`)
  }
}

const getServiceQuota: JsonAction = (input, context) => {
  checkService(input)
  const code = input['QuotaCode']
  if (typeof code !== 'string') throw new Ec2Error('IllegalArgumentException', 'The request must have a quota code.')
  const quota = practiceQuotas.find((one) => one.code === code)
  if (!quota) throw new Ec2Error('NoSuchResourceException', `The request failed because ${code} does not exist.`)
  return { Quota: describe(quota, context) }
}

const listServiceQuotas: JsonAction = (input, context) => {
  checkService(input)
  const { MaxResults: most = mostResults, NextToken: token } = input
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > mostResults) {
    throw new Ec2Error('IllegalArgumentException', `MaxResults must be a whole number from 1 to ${mostResults}.`)
  }
  const from = token === undefined ? 0 : Number(token)
  if (!Number.isInteger(from) || from < 0 || from >= practiceQuotas.length) {
    throw new Ec2Error('InvalidPaginationTokenException', 'The pagination token is not valid.')
  }
  const quotas = practiceQuotas.slice(from, from + most).map((quota) => describe(quota, context))
  const next = from + most
  return { Quotas: quotas, ...(next < practiceQuotas.length ? { NextToken: String(next) } : {}) }
}

export const serviceQuotaActions: Readonly<Record<string, JsonAction>> = {
  GetServiceQuota: getServiceQuota,
  ListServiceQuotas: listServiceQuotas,
  // Nobody has had a limit of the practice cloud raised, so what holds is the default.
  GetAWSDefaultServiceQuota: getServiceQuota
}
