import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')

/** Clients of AWS that the adapter may use, by the prefix that IAM has for them. */
const clients = {
  ec2: () => import('@aws-sdk/client-ec2'),
  pricing: () => import('@aws-sdk/client-pricing'),
  servicequotas: () => import('@aws-sdk/client-service-quotas'),
  ssm: () => import('@aws-sdk/client-ssm'),
  sts: () => import('@aws-sdk/client-sts')
} as const

/** What AWS demands in the course of other calls, with the reason; no call of the adapter's bears their name. */
const implied = new Map([
  ['iam:CreateServiceLinkedRole', 'the first Spot request of an account makes the role that Spot works under']
])

const Policy = z.object({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.object({
      Sid: z.string().regex(/^[A-Za-z0-9]+$/),
      Effect: z.literal('Allow'),
      Action: z.array(z.string().regex(/^[a-z0-9]+:[A-Za-z]+$/, 'one action by its whole name, no wildcard')),
      Resource: z.string(),
      Condition: z.record(z.string(), z.record(z.string(), z.string())).optional()
    })
  )
})

/** Every action that the adapter's sources send, found by the names of the SDK's commands and paginators. */
async function actionsSent(): Promise<Set<string>> {
  const folder = join(root, 'app/main/adapters/ec2')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const text = (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
  const names = new Set([...text.matchAll(/\b(?:([A-Z][A-Za-z]+)Command|paginate([A-Z][A-Za-z]+))\b/g)]
    .map(([, command, paginated]) => command ?? paginated ?? ''))
  const modules = await Promise.all(
    Object.entries(clients).map(async ([prefix, load]) => [prefix, await load()] as const)
  )
  return new Set([...names].flatMap((name) =>
    modules.filter(([, module]) => `${name}Command` in module).map(([prefix]) => `${prefix}:${name}`)
  ))
}

it('the policy in resources grants exactly what the adapter asks of AWS', async () => {
  const policy = Policy.parse(JSON.parse(await readFile(join(root, 'resources/iam-policy.json'), 'utf8')))
  const granted = policy.Statement.flatMap((statement) => statement.Action)
  const sent = await actionsSent()
  expect(sent.size).toBeGreaterThan(20)
  expect({
    missing: [...sent].filter((action) => !granted.includes(action)).toSorted(),
    superfluous: granted.filter((action) => !sent.has(action) && !implied.has(action)).toSorted(),
    twice: granted.filter((action, at) => granted.indexOf(action) !== at)
  }).toEqual({ missing: [], superfluous: [], twice: [] })
})

it('the policy fits into the 6144 characters that IAM allows', async () => {
  const policy: unknown = JSON.parse(await readFile(join(root, 'resources/iam-policy.json'), 'utf8'))
  expect(JSON.stringify(policy).length).toBeLessThan(6144)
})
