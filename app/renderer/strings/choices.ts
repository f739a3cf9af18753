/** Words on a task that waits to be told what to do. What went wrong and the choices come from the manager. */
export const choices = {
  title: 'What shall be done?',
  waits: 'Waiting for you',
  nodes: 'In trouble',
  console: (node: string) => `Last lines of the console of ${node}`,
  rented: (things: string, price: string) => `Rented while it waits: ${things}, ${price}.`,
  rentedNothing: 'Nothing is rented while it waits.',
  priceUnknown: 'at a price that is not known',
  instances: (count: number) => (count === 1 ? '1 instance' : `${count} instances`),
  others: (count: number) => `${count} things that cost nothing`,
  zone: 'Zone to rent in',
  choose: (title: string, network: string) => `${title}: ${network}`
} as const
