import { about } from './about.ts'
import { accounts } from './accounts.ts'
import { create } from './create.ts'
import { general } from './general.ts'
import { launchOptions } from './launch-options.ts'
import { network, networks, tasks } from './networks.ts'

/** Every word that the window shows of its own. Messages and suggestions come from the manager, ready to be shown. */
export const text = { about, accounts, create, general, launchOptions, network, networks, tasks } as const
