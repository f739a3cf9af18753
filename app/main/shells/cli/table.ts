/** Lines of aligned columns, with a heading; numbers to the right. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [heading, ...rows.map((row) => row.map((cell) => cell === null ? '-' : String(cell)))]
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  const isNumber = heading.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'))
  return cells.map((row) => row.map((cell, column) => {
    const width = widths[column] ?? 0
    return isNumber[column] ? cell.padStart(width) : cell.padEnd(width)
  }).join('  ').trimEnd()).join('\n')
}
