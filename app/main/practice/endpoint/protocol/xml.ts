import { XMLBuilder } from 'fast-xml-parser'
import type { Ec2Error } from './error.ts'

/**
 * A reply as data: keys are EC2's element names, an array becomes `<key><item>…</item></key>` (the only kind of list
 * that EC2 replies have), null and undefined are left out.
 */
export type XmlValue =
  string | number | boolean | null | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue }
export type Reply = { readonly [name: string]: XmlValue }

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: false,
  suppressBooleanAttributes: false
})

/** Characters that XML 1.0 cannot hold at all, not even escaped. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g
const printable = (text: string) => text.toWellFormed().replace(unprintable, '\uFFFD')

function prepare(value: XmlValue): unknown {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) return { item: value.map(prepare) }
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined)
    return Object.fromEntries(entries.map(([name, part]) => [name, prepare(part)]))
  }
  return printable(String(value))
}

const document = (root: Record<string, unknown>) => `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(root)}`

const ec2Namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/'

/** The reply of an EC2 action. */
export function renderReply(action: string, requestId: string, reply: Reply): string {
  const body = prepare(reply) as Record<string, unknown>
  return document({ [`${action}Response`]: { '@xmlns': ec2Namespace, requestId, ...body } })
}

/** The reply of an STS action: its results stand one level deeper. */
export function renderStsReply(action: string, requestId: string, reply: Reply): string {
  return document({
    [`${action}Response`]: {
      '@xmlns': 'https://sts.amazonaws.com/doc/2011-06-15/',
      [`${action}Result`]: prepare(reply),
      ResponseMetadata: { RequestId: requestId }
    }
  })
}

/** A refusal, in the shape of EC2 (`<Response><Errors>`) or of STS (`<ErrorResponse>`). */
export function renderError(service: 'ec2' | 'sts', requestId: string, error: Ec2Error): string {
  const Code = error.code
  const Message = printable(error.message)
  return service === 'ec2'
    ? document({ Response: { Errors: { Error: { Code, Message } }, RequestID: requestId } })
    : document({ ErrorResponse: { Error: { Type: 'Sender', Code, Message }, RequestId: requestId } })
}
