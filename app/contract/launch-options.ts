import { z } from 'zod'

/** Which instances are Spot instances: none, all, or the slaves while the master is on demand. */
export const SpotChoice = z.enum(['none', 'all', 'slaves'])
export type SpotChoice = z.infer<typeof SpotChoice>

/**
 * What can be said about a launch beyond size and place. Each may be left out; what is at its default is absent from a
 * resolved spec. The same table in both, so that a resolved spec can be launched as it stands.
 */
export const launchOptions = {
  spot: SpotChoice.optional()
    .describe('Spot instances: "all", or "slaves" for an on-demand master; "none" by default.'),
  maxPrice: z.number().nullable().optional()
    .describe('Most to pay for a Spot instance, USD an hour. None by default: a cap never lowers the price, it only ' +
      'has instances interrupted sooner.'),
  hyperthreading: z.boolean().optional()
    .describe('Keep two threads a core; off by default, because MPI ranks that share a core slow each other down.'),
  rootVolumeGib: z.number().nullable().optional()
    .describe('Size of each root volume in GiB; that of the image by default.'),
  rootVolumeType: z.string().optional().describe('Kind of the root volumes: "gp3" (default) or "gp2".'),
  keyPair: z.string().nullable().optional()
    .describe('Name of a key pair that the account has; one made for this network by default.'),
  privateKeyFile: z.string().nullable().optional()
    .describe('File with the private half of keyPair on this computer; "ssh-agent" to have the agent sign.'),
  securityGroup: z.string().nullable().optional()
    .describe('Id of a security group that the account has; one made for this network by default.'),
  subnet: z.string().nullable().optional().describe('Id of the subnet; one of the default VPC by default.')
}

/** The options alone. */
export const LaunchOptions = z.object(launchOptions)
export type LaunchOptions = z.infer<typeof LaunchOptions>
