/** What a private key is known by: fingerprints as EC2 shows them for its kind, and the public half in base64. */
export interface KeyTraits {
  readonly fingerprints: readonly string[]
  readonly publicBlob: string
}

export interface PrivateKeyFile extends KeyTraits {
  /** The file's text; encrypted when the file is. Never leaves the manager. */
  readonly text: string
  /** Other users of this computer can read the file. */
  readonly openToOthers: boolean
}

/** Private keys that the user had before: in files, or held by an ssh-agent. */
export interface PrivateKeys {
  /** KEY_FILE_INVALID when it is no readable private key, KEY_LOCKED when it needs a passphrase or another one. */
  read(file: string, passphrase: string | null): Promise<PrivateKeyFile>
  /** The keys that an agent holds. AGENT_UNREACHABLE when none answers at the socket. */
  ofAgent(socket: string): Promise<readonly KeyTraits[]>
}
