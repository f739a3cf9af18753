import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { LaunchOptions } from '../../../contract/index.ts'
import { SpotChoice } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'

/** What commander makes of the options below. */
export interface LaunchOptionTexts {
  readonly spot?: string | true
  readonly maxPrice?: string
  readonly hyperthreading?: boolean
  readonly rootGib?: string
  readonly rootType?: string
  readonly keyPair?: string
  readonly keyFile?: string
  readonly securityGroup?: string
  readonly subnet?: string
}

/** The options of a launch beyond size and place. */
export function withLaunchOptions(command: Command): Command {
  return command
    .option('--spot [which]', 'Spot instances: "all" (when nothing is said), or "slaves" for an on-demand master')
    .option('--max-price <usd>', 'most to pay for a Spot instance an hour; no cap by default, as a cap only interrupts')
    .option('--hyperthreading', 'keep two threads a core; off by default')
    .option('--root-gib <n>', 'size of each root volume in GiB; that of the image by default')
    .option('--root-type <kind>', 'kind of the root volumes: gp3 (default) or gp2')
    .option('--key-pair <name>', 'a key pair that the account has; one is made by default')
    .option('--key-file <file>', 'private key of --key-pair on this computer, or ssh-agent')
    .option('--security-group <id>', 'a security group that the account has; one is made by default')
    .option('--subnet <id>', 'subnet; one of the default VPC by default')
}

/** Ranges are for the plan to judge; here only what cannot be meant at all is refused. */
export function launchOptionsFrom(texts: LaunchOptionTexts): LaunchOptions {
  return {
    ...(texts.spot === undefined ? {} : { spot: spotFrom(texts.spot) }),
    ...(texts.maxPrice === undefined
      ? {}
      : { maxPrice: numberFrom('--max-price', texts.maxPrice, 'SPOT_PRICE_INVALID', '0.05') }),
    ...(texts.hyperthreading === undefined ? {} : { hyperthreading: texts.hyperthreading }),
    ...(texts.rootGib === undefined
      ? {}
      : { rootVolumeGib: numberFrom('--root-gib', texts.rootGib, 'ROOT_VOLUME_INVALID', '20') }),
    ...(texts.rootType === undefined ? {} : { rootVolumeType: texts.rootType }),
    ...(texts.keyPair === undefined ? {} : { keyPair: texts.keyPair }),
    ...(texts.keyFile === undefined ? {} : { privateKeyFile: keyFileFrom(texts.keyFile) }),
    ...(texts.securityGroup === undefined ? {} : { securityGroup: texts.securityGroup }),
    ...(texts.subnet === undefined ? {} : { subnet: texts.subnet })
  }
}

/** The manager has a working directory of its own. */
const keyFileFrom = (text: string) => (text === 'ssh-agent' ? text : resolve(text))

function spotFrom(text: string | true): SpotChoice {
  if (text === true) return 'all'
  const choice = SpotChoice.safeParse(text)
  if (choice.success) return choice.data
  throw new RmadaError('INVALID_INPUT', `--spot is one of ${SpotChoice.options.join(', ')}, not: ${text}`, {
    suggestion: 'Say --spot slaves to keep the master on demand.'
  })
}

function numberFrom(
  option: string, text: string, code: 'SPOT_PRICE_INVALID' | 'ROOT_VOLUME_INVALID', example: string
): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new RmadaError(code, `${option} must be a number, not: ${text}`, {
    suggestion: `Give a number, for example ${option} ${example}`
  })
}
