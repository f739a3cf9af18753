import { expect, it } from 'vitest'
import { placeWindow } from './window-place.ts'

const laptop = { x: 0, y: 0, width: 1440, height: 900 }
const beside = { x: 1440, y: 0, width: 1920, height: 1080 }
const saved = { x: 1600, y: 100, width: 1000, height: 700, maximized: false }

it('opens in the middle at the first start', () => {
  expect(placeWindow(null, [laptop])).toEqual({ width: 1120, height: 760 })
})

it('opens where it last stood, on the second screen too', () => {
  expect(placeWindow(saved, [laptop, beside])).toEqual({ x: 1600, y: 100, width: 1000, height: 700 })
})

it('comes back to the middle when its screen is gone', () => {
  expect(placeWindow(saved, [laptop])).toEqual({ width: 1000, height: 700 })
})

it.each([
  ['the title bar above the screen', { ...saved, x: 10, y: -40 }],
  ['only a sliver left on the screen', { ...saved, x: 1400, y: 10 }],
  ['the title bar below the screen', { ...saved, x: 10, y: 890 }]
])('does not keep %s', (_what, state) => {
  expect(placeWindow(state, [laptop])).not.toHaveProperty('x')
})

it('is never smaller than can be used nor larger than the screen', () => {
  expect(placeWindow({ x: 0, y: 0, width: 10, height: 10, maximized: false }, [laptop]))
    .toMatchObject({ width: 720, height: 480 })
  expect(placeWindow({ x: 0, y: 0, width: 9000, height: 9000, maximized: false }, [laptop]))
    .toMatchObject({ width: 1440, height: 900 })
})
