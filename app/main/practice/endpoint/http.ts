import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Log } from '../../core/ports/index.ts'
import { Ec2Error } from './protocol/error.ts'
import { LostAnswer } from './faults/faulty-answer.ts'
import { renderJsonError } from './protocol/json.ts'
import { Parameters } from './protocol/parameters.ts'
import { isJsonService, verifySignature, type Credentials, type JsonServiceName } from './protocol/signature.ts'
import type { QueryServiceName, ServiceName } from './protocol/signature.ts'
import { checkAllowed, keyOf, type RestrictedKey } from './restricted-key.ts'
import { renderError, renderReply, renderStsReply, type Reply } from './protocol/xml.ts'

/** What lies behind the wire: the action that a signed request asks for. */
export type Answer = (service: QueryServiceName, parameters: Parameters, host: string) => Promise<Reply>

/** The same for services that speak JSON: `target` is the header X-Amz-Target. */
export type AnswerJson = (service: JsonServiceName, target: string, body: string, host: string) => Promise<object>

const largestRequest = 1024 * 1024

interface ServerParts {
  readonly credentials: Credentials
  readonly restricted: RestrictedKey | null
  readonly region: string
  readonly answer: Answer
  readonly answerJson: AnswerJson
  readonly log: Log
}

/** The EC2 endpoint's HTTP side: reads, checks and renders; knows no action. */
export function createEndpointServer(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    void serve(request, response, parts)
  })
  server.requestTimeout = 60_000
  return server
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  const { credentials, restricted, region, answer, answerJson, log } = parts
  const requestId = randomUUID()
  let service: ServiceName = 'ec2'
  // Told before the signature is checked, so that its refusal too comes in the client's own language.
  const inJson = request.headers['x-amz-target'] !== undefined
  let reply: { status: number; body: string }
  try {
    const host = checkHost(request)
    const url = checkTarget(request)
    const body = await readBody(request)
    checkContent(request, body, inJson)
    const signed = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body
    }
    const key = keyOf(signed, credentials, restricted)
    service = verifySignature(signed, key, region, new Date())
    if (isJsonService(service)) {
      const target = String(request.headers['x-amz-target'] ?? '')
      checkAllowed(key, restricted, service, target.split('.').at(-1) ?? '')
      reply = { status: 200, body: JSON.stringify(await answerJson(service, target, body.toString(), host)) }
    } else {
      const parameters = Parameters.of([...url.searchParams, ...new URLSearchParams(body.toString())])
      checkAllowed(key, restricted, service, parameters.text('Action') ?? '')
      const content = await answer(service, parameters, host)
      const render = service === 'ec2' ? renderReply : renderStsReply
      reply = { status: 200, body: render(parameters.text('Action') ?? '', requestId, content) }
    }
  } catch (error) {
    // The client went away in the middle of its request: nobody is left to answer.
    if (request.destroyed && !request.complete) return
    if (error instanceof LostAnswer) return void request.socket.destroy()
    const refusal = asRefusal(error, log)
    reply = {
      status: refusal.status,
      body: inJson || isJsonService(service) ? renderJsonError(refusal) : renderError(service, requestId, refusal)
    }
  }
  if (!request.complete) {
    // The rest of a request that was refused early is not worth reading.
    response.setHeader('connection', 'close')
    request.resume()
  }
  response
    .writeHead(reply.status, {
      'content-type': inJson || isJsonService(service) ? 'application/x-amz-json-1.1' : 'text/xml;charset=UTF-8',
      'x-amzn-requestid': requestId
    })
    .end(reply.body)
}

/** Only loopback names: a web page whose name was rebound to this address gets nowhere, signed or not. */
function checkHost(request: IncomingMessage): string {
  const host = request.headers.host ?? ''
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i.test(host)) {
    throw new Ec2Error('UnauthorizedOperation', 'This endpoint answers to 127.0.0.1 and localhost only.', 403)
  }
  return host
}

function checkTarget(request: IncomingMessage): URL {
  const url = URL.parse(request.url ?? '/', 'http://localhost')
  if (url?.pathname !== '/') throw new Ec2Error('InvalidAction', 'The endpoint has one path: /', 404)
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new Ec2Error('InvalidAction', 'The endpoint takes GET and POST requests only.', 405)
  }
  return url
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new Ec2Error('RequestEntityTooLarge', `A request has at most ${largestRequest} bytes.`, 413)
  if (Number(request.headers['content-length'] ?? 0) > largestRequest) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestRequest) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function checkContent(request: IncomingMessage, body: Buffer, inJson: boolean): void {
  const type = request.headers['content-type'] ?? ''
  if (inJson && type.startsWith('application/x-amz-json-1.')) return
  if (body.length > 0 && !type.startsWith('application/x-www-form-urlencoded')) {
    throw new Ec2Error('MalformedQueryString', 'The body must be of type application/x-www-form-urlencoded.')
  }
}

/** What is no refusal is a defect: said as EC2 says it, with the reason in the log only. */
function asRefusal(error: unknown, log: Log): Ec2Error {
  if (error instanceof Ec2Error) return error
  log('error', 'The practice endpoint met a defect', {
    why: error instanceof Error ? (error.stack ?? error.message) : String(error)
  })
  return new Ec2Error('InternalError', 'An internal error has occurred', 500)
}
