/** Kinds of volumes that can be made, the usual one first. */
export const volumeKinds = ['gp3', 'gp2', 'st1', 'sc1', 'standard'] as const
