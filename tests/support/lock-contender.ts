import { takeLock } from '../../app/main/transports/local-socket/lock.ts'

// One of several starters: says whether it got the manager's lock, and keeps it until its input ends.
const lock = takeLock(process.argv[2] ?? '')
process.stdout.write(lock ? 'won\n' : 'lost\n')
if (lock) process.stdin.resume()
