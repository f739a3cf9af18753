import { Option } from 'commander'
import { OnFailure } from '../../../contract/index.ts'

/** What to do in trouble; a script that nobody watches gets its failure at once. */
export const onFailureOption = (): Option =>
  new Option('--on-failure <choice>', 'in trouble pause and ask (rmada choose), or take this choice, at most 3 times')
    .choices(OnFailure.options)
    .default('stop')
