import type { Schema } from 'conf'
import type { Settings } from '../../core/ports/index.ts'

const optionalText = { type: ['string', 'null'] } as const

/** Every setting with its default; shared by the stores of both shells. */
export const settingsSchema: Schema<Settings> = {
  lastRegion: { type: 'string', minLength: 1, default: 'practice-1' },
  closedToTrayNoticeShown: { type: 'boolean', default: false },
  account: {
    type: 'object',
    properties: { profile: optionalText, key: optionalText },
    required: ['profile', 'key'],
    default: { profile: null, key: null }
  },
  keys: {
    type: 'array',
    items: {
      type: 'object', properties: { name: { type: 'string' }, ending: { type: 'string' } }, required: ['name', 'ending']
    },
    default: []
  },
  customRegions: {
    type: 'array',
    items: {
      type: 'object',
      properties: { id: { type: 'string' }, endpoint: optionalText, profile: optionalText, key: optionalText },
      required: ['id', 'endpoint', 'profile', 'key']
    },
    default: []
  },
  proxy: {
    type: ['object', 'null'],
    properties: {
      host: { type: 'string' }, port: { type: 'integer', minimum: 1, maximum: 65_535 }, user: optionalText
    },
    required: ['host', 'port', 'user'],
    default: null
  },
  connectSeconds: { type: 'number', minimum: 1, maximum: 60, default: 3 },
  answerSeconds: { type: 'number', minimum: 5, maximum: 600, default: 60 },
  retries: { type: 'integer', minimum: 0, maximum: 10, default: 3 }
}
