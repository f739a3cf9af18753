import { RmadaError } from '../../core/error.ts'
import type { SshTarget } from '../../core/ports/index.ts'

type Target = Pick<SshTarget, 'instanceId' | 'host' | 'port' | 'user'>

function where(target: Target): Record<string, string> {
  return { instance: target.instanceId, address: `${target.host}:${target.port}`, user: target.user }
}

/** What a socket or ssh error says, in words of the trade that need no manual. */
function reasonOf(error: unknown): string {
  const { code, message, level } = error as { code?: string; message?: string; level?: string }
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused'
    case 'ETIMEDOUT':
      return 'the connection attempt got no answer'
    case 'ECONNRESET':
      return 'the connection was cut'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to it'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be looked up'
    default:
      return level === 'client-timeout' ? 'the server did not say hello' : (message ?? String(error))
  }
}

export function unreachable(target: Target, timeoutMs: number, cause: unknown): RmadaError {
  const seconds = Math.max(1, Math.round(timeoutMs / 1000))
  return new RmadaError(
    'SSH_UNREACHABLE',
    `Instance ${target.instanceId} did not answer by ssh at ${target.host}:${target.port} for ${seconds} s: ` +
      `${reasonOf(cause)}.`,
    {
      suggestion: 'Check that the instance is running and that your own internet address may reach it; then try again.',
      details: { ...where(target), reason: reasonOf(cause) },
      cause
    }
  )
}

export function hostKeyMismatch(target: Target): RmadaError {
  return new RmadaError(
    'SSH_HOST_KEY_MISMATCH',
    `The machine at ${target.host}:${target.port} shows another host key than instance ${target.instanceId} was ` +
      'launched with, ' +
      'so it may not be that instance; nothing was sent to it.',
    {
      suggestion: 'Terminate the network and launch a new one, unless you know who replaced the key.',
      details: where(target)
    }
  )
}

export function authenticationFailed(target: Target, cause: unknown): RmadaError {
  return new RmadaError(
    'SSH_AUTH_FAILED',
    `Instance ${target.instanceId} does not accept this network's key for the user ${target.user}.`,
    {
      suggestion: "Check that the image's login name is right; if it is, the key on the instance was changed.",
      details: where(target),
      cause
    }
  )
}

export function keyUnreadable(target: Target): RmadaError {
  return new RmadaError('DATA_UNREADABLE', 'The private key of this network on this computer is damaged.', {
    suggestion: 'Restore the key from a backup, or terminate the network and launch a new one.',
    details: where(target)
  })
}

export function connectionLost(target: Target, cause?: unknown): RmadaError {
  const why = cause === undefined ? '' : `: ${reasonOf(cause)}`
  return new RmadaError('SSH_LOST', `The ssh connection to instance ${target.instanceId} broke${why}.`, {
    suggestion: "Check the instance's state; Rmada connects again when it answers.",
    details: where(target),
    cause
  })
}

export function cancelled(): RmadaError {
  return new RmadaError('CANCELLED', 'The task was cancelled.', { suggestion: 'Start it again when you want to.' })
}

export function timedOut(target: Target, timeoutMs: number): RmadaError {
  return new RmadaError(
    'TIMEOUT',
    `A command on instance ${target.instanceId} was not done after ${Math.round(timeoutMs / 1000)} s and was ended.`,
    {
      suggestion: 'Try again; if it happens again, look at the load of the instance.',
      details: where(target)
    }
  )
}

export function portTaken(port: number, cause: unknown): RmadaError {
  return new RmadaError('LOCAL_PORT_TAKEN', `Port ${port} of this computer is used by another program.`, {
    suggestion: 'Close that program or choose another port.',
    details: { port: String(port) },
    cause
  })
}

export function fileFailed(target: Target, verb: 'written' | 'read', path: string, why: string): RmadaError {
  return new RmadaError(
    'CONFIGURE_FAILED',
    `The file ${path} could not be ${verb} on instance ${target.instanceId}: ${why.trim() || 'no reason was given'}.`,
    {
      suggestion: 'Check the free space and the permissions on the instance.',
      details: { ...where(target), path }
    }
  )
}
