import { config } from 'zod'

/**
 * Zod tries to make code from text to be faster, and the page's policy forbids that. Told so at once, it does not even
 * try. Must be imported before the contract, whose schemas are made on import.
 */
config({ jitless: true })
