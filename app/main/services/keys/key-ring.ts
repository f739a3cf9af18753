import { RmadaError } from '../../core/error.ts'
import { agent } from '../../core/launch-options.ts'
import type { KeyTraits, PrivateKeyFile, SshTarget } from '../../core/ports/index.ts'
import type { ManagerPorts } from '../manager.ts'

type KeyPorts = Pick<ManagerPorts, 'privateKeys' | 'secrets' | 'environment'>

/** How ssh proves who the user is. */
export type Signer = Pick<SshTarget, 'privateKey' | 'passphrase' | 'agent'>

const secretName = (file: string) => `ssh-key ${file}`

/** Keys that the user had before, and the passphrases typed in for them: in memory, or in the keychain when told to. */
export class KeyRing {
  readonly #ports: KeyPorts
  readonly #passphrases = new Map<string, string>()

  constructor(ports: KeyPorts) {
    this.#ports = ports
  }

  /** Takes a passphrase when it opens the file. */
  async unlock(file: string, passphrase: string, remember: boolean): Promise<void> {
    await this.#ports.privateKeys.read(file, passphrase)
    this.#passphrases.set(file, passphrase)
    if (remember && this.#ports.secrets.kind === 'keychain') {
      await this.#ports.secrets.set(secretName(file), passphrase)
    }
  }

  /** What a key can be matched by: those of the agent, or the one in the file. */
  async traits(file: string): Promise<{ keys: readonly KeyTraits[]; openToOthers: boolean }> {
    if (file === agent) return { keys: await this.#ports.privateKeys.ofAgent(this.#socket()), openToOthers: false }
    const { key } = await this.#open(file)
    return { keys: [key], openToOthers: key.openToOthers }
  }

  /** What ssh signs with. */
  async signer(file: string): Promise<Signer> {
    if (file === agent) return { privateKey: '', agent: this.#socket() }
    const { key, passphrase } = await this.#open(file)
    return { privateKey: key.text, ...(passphrase === null ? {} : { passphrase }) }
  }

  async #open(file: string): Promise<{ key: PrivateKeyFile; passphrase: string | null }> {
    const passphrase = this.#passphrases.get(file) ?? await this.#ports.secrets.get(secretName(file))
    return { key: await this.#ports.privateKeys.read(file, passphrase), passphrase }
  }

  #socket(): string {
    const socket = this.#ports.environment['SSH_AUTH_SOCK']
    if (socket) return socket
    throw new RmadaError('AGENT_UNREACHABLE', 'No ssh-agent runs where Rmada was started: SSH_AUTH_SOCK is not set.', {
      suggestion: 'Start Rmada from a session with an ssh-agent, or name the file of the private key.'
    })
  }
}
