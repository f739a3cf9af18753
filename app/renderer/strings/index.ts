import { about } from './about.ts'
import { create } from './create.ts'
import { general } from './general.ts'
import { network, networks, tasks } from './networks.ts'

/** Every word that the window shows of its own; what the manager says (messages, suggestions) comes from the manager. */
export const text = { about, create, general, network, networks, tasks } as const
