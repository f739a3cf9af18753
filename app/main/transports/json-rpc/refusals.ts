import { PROTOCOL_VERSION } from '../../../contract/index.ts'
import type { ErrorCode, ErrorShape } from '../../../contract/index.ts'

const refusal = (code: ErrorCode, message: string, suggestion: string): ErrorShape => ({ code, message, suggestion })

/** What a session says of messages that it does not take. */
export const refusals = {
  malformed: refusal(
    'MALFORMED_MESSAGE',
    'The message is not a JSON-RPC 2.0 request.',
    'Send one JSON object per message with jsonrpc, id, method and params.'
  ),
  tooLarge: refusal(
    'MESSAGE_TOO_LARGE',
    'The message is longer than 8 MiB, the limit of this endpoint.',
    'Send less in one call.'
  ),
  tooManyStreams: (most: number) =>
    refusal(
      'INVALID_INPUT',
      `This connection has ${most} streams open already.`,
      'Close a stream, or open another connection.'
    ),
  badHello: (fault: string) => refusal('INVALID_INPUT', fault, 'Say hello with protocol, client and version.'),
  noHello: (method: string) =>
    refusal(
      'HELLO_REQUIRED',
      `The client called ${method.slice(0, 80)} before it said hello.`,
      'Call hello first.'
    ),
  otherProtocol: (version: string, theirs: number) =>
    refusal(
      'PROTOCOL_MISMATCH',
      `This manager speaks protocol ${PROTOCOL_VERSION} (Rmada ${version}), but the client speaks ${theirs}.`,
      'Update the older of the two, then restart the manager.'
    ),
  notServed: (client: string) =>
    refusal(
      'NOT_AUTHORIZED',
      `This endpoint does not serve clients of the kind: ${client}`,
      'Use the local socket of the manager.'
    )
}
