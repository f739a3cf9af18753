import { about } from './about.ts'
import { accounts } from './accounts.ts'
import { choices } from './choices.ts'
import { create } from './create.ts'
import { general } from './general.ts'
import { images } from './images.ts'
import { launchOptions } from './launch-options.ts'
import { network, networks, tasks } from './networks.ts'
import { types } from './types.ts'
import { orphans } from './orphans.ts'
import { volumes } from './volumes.ts'

/** Every word that the window shows of its own. Messages and suggestions come from the manager, ready to be shown. */
export const text = { about, accounts, choices, create, general, images, launchOptions, network, networks, orphans, tasks, types, volumes } as const
