import { RmadaError } from '../../core/error.ts'
import { caution } from './check.ts'
import type { Check } from './check.ts'

/** Whether the address is known that alone may reach the network. */
export const ownAddressCheck: Check = {
  about: 'Your own internet address',
  field: null,
  async find({ ownAddress }) {
    try {
      await ownAddress()
      return []
    } catch (error) {
      if (!(error instanceof RmadaError)) throw error
      return [caution('OWN_ADDRESS_UNKNOWN', null, error.message, error.suggestion)]
    }
  }
}
