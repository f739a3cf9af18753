import type { Schema } from 'conf'
import type { Settings } from '../../core/ports/index.ts'

/** Every setting with its default; shared by the stores of both shells. */
export const settingsSchema: Schema<Settings> = {
  lastRegion: { type: 'string', minLength: 1, default: 'practice-1' },
  closedToTrayNoticeShown: { type: 'boolean', default: false }
}
