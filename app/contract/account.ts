import { z } from 'zod'

/** A profile of the AWS configuration files of this computer. What kind of sign-in it stands for, never its secrets. */
export const AwsProfile = z.object({
  name: z.string(),
  kind: z.enum(['sso', 'keys', 'role', 'process', 'other']),
  /** The region that the profile names for itself. */
  region: z.string().nullable()
})
export type AwsProfile = z.infer<typeof AwsProfile>

/** An access key that was typed in. Of the key id only the end is shown, and nothing ever shows the secret. */
export const StoredKey = z.object({
  name: z.string(),
  keyEnding: z.string(),
  kept: z.enum(['keychain', 'memory'])
})
export type StoredKey = z.infer<typeof StoredKey>

/** By which credentials AWS is reached: the SDK's own search when both are null, a profile, or a stored key. */
export const AccountChoice = z.object({ profile: z.string().nullable(), key: z.string().nullable() })
export type AccountChoice = z.infer<typeof AccountChoice>

/** The ways to reach AWS that this computer has. */
export const Accounts = z.object({
  profiles: z.array(AwsProfile),
  /** The configuration file that was read; AWS_CONFIG_FILE is heeded. */
  configFile: z.string(),
  /** Whether the environment of the manager holds an access key. */
  environment: z.boolean(),
  keys: z.array(StoredKey),
  chosen: AccountChoice,
  secrets: z.enum(['keychain', 'memory'])
})
export type Accounts = z.infer<typeof Accounts>

/** Whose credentials a region is reached with, as the cloud itself says. */
export const Identity = z.object({
  region: z.string(),
  account: z.string(),
  arn: z.string(),
  userId: z.string(),
  /** How Rmada came by the credentials, in a few words: the profile "work". */
  by: z.string(),
  /** Seconds that this computer's clock is ahead of the cloud's; negative when it is behind. */
  clockAheadSeconds: z.number().int()
})
export type Identity = z.infer<typeof Identity>

/** What one action of AWS answered to a trial call. */
export const PermissionCheck = z.object({
  /** As IAM names it: ec2:RunInstances. */
  action: z.string(),
  result: z.enum(['allowed', 'denied', 'unknown']),
  /** Why it is not known; empty otherwise. */
  note: z.string()
})
export type PermissionCheck = z.infer<typeof PermissionCheck>

export const Permissions = z.object({
  checks: z.array(PermissionCheck),
  missing: z.array(z.string()),
  /** The IAM policy with all that Rmada needs, as JSON to paste. */
  policy: z.string()
})
export type Permissions = z.infer<typeof Permissions>

/** How connections to AWS are made. */
export const ConnectionSettings = z.object({
  proxy: z.object({
    host: z.string(),
    port: z.number().int(),
    user: z.string().nullable(),
    /** Whether a password is kept for it. */
    password: z.boolean()
  }).nullable(),
  /** The proxy that the environment names (HTTPS_PROXY), as host and port; used where none is set here. */
  environmentProxy: z.string().nullable(),
  connectSeconds: z.number(),
  answerSeconds: z.number(),
  retries: z.number().int()
})
export type ConnectionSettings = z.infer<typeof ConnectionSettings>
