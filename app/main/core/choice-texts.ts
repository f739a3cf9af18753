import type { Choice, Question } from '../../contract/index.ts'

interface Asked {
  /** Names of the nodes in trouble. */
  readonly nodes: readonly string[]
  readonly expected: number
  readonly healthy: number
  /** What it costs an hour now, as words; empty where that is not known. */
  readonly cost: string
  readonly zones: readonly string[]
}

const nodesText = (names: readonly string[]): string =>
  names.length === 0 ? 'what is missing' : names.length <= 3 ? names.join(', ') : `${names.length} nodes`

/** Each choice as a button and one sentence on what it does and costs. */
export function choiceTexts(choices: readonly Choice[], asked: Asked): Question['choices'] {
  const { nodes, expected, healthy, cost, zones } = asked
  const words: Readonly<Record<Choice, readonly [title: string, detail: string]>> = {
    wait: ['Try again', `The same once more, for up to as long again.${cost}`],
    replace: [
      `Replace ${nodesText(nodes)}`,
      `Gives back ${nodesText(nodes)} and rents ${expected - healthy} in place of it at the same price.`
    ],
    'other-zone': ['Other zone', `Gives all instances back and rents ${expected} in another availability zone.`],
    'on-demand': ['On-demand', 'Rents what is missing at the full on-demand price, which the cloud does not take back.'],
    continue: healthy > 0
      ? [`Continue with ${healthy}`, `Gives back ${nodesText(nodes)} and goes on with ${healthy} of ${expected} nodes.`]
      : ['Continue with fewer', `Rents as many of the ${expected} nodes as the cloud has now, one at least.`],
    'roll-back': ['Roll back', 'Terminates and removes everything that this task rented. Nothing is left to pay for.'],
    stop: ['Stop here', `Ends the task and keeps what is rented, to repair or terminate it later.${cost}`]
  }
  return choices.map(choice => ({
    choice, title: words[choice][0], detail: words[choice][1], ...(choice === 'other-zone' ? { zones: [...zones] } : {})
  }))
}

/** The last lines of a console as plain text: no colours or other control characters, nothing overlong. */
export function consoleExcerpt(output: string, lines = 20): string[] {
  return output
    // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .split('\n').map(line => line.trimEnd()).filter(line => line !== '')
    .slice(-lines).map(line => line.length > 300 ? `${line.slice(0, 299)}…` : line)
}
