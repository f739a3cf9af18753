import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { output, run } from './command.mjs'

/**
 * What each Debian package is for, in the words of the user who would miss it. Alternatives are separated by `|`
 * (Ubuntu has Chromium under another name).
 */
const debianPackages = [
  ['r-base-core', 'R: the R console, practice networks, the demo'],
  ['r-cran-processx', 'the R package rmada'],
  ['r-cran-jsonlite', 'the R package rmada'],
  ['r-cran-testthat', 'tests of the R package'],
  ['r-cran-rmpi', 'MPI from R on practice networks'],
  ['openmpi-bin', 'MPI on practice networks'],
  ['libopenmpi-dev', 'MPI from R on practice networks'],
  ['gfortran', 'the compilers that every node has, which a practice machine cannot fetch for itself'],
  ['openssh-server', 'practice networks of the kind "namespaces"'],
  ['openssh-client', 'MPI over several hosts'],
  ['sudo', 'practice networks of the kind "namespaces"'],
  ['iproute2', 'practice networks of the kind "namespaces"'],
  ['e2fsprogs', 'volumes of practice networks of the kind "namespaces"'],
  ['sshfs', 'volumes shared by the nodes of practice networks of the kind "namespaces"'],
  ['chromium|chromium-browser', 'the app window of the browser shell, browser tests'],
  ['fonts-liberation', 'readable text in Chromium'],
  ['libsecret-1-dev', 'keeping AWS keys in the keychain'],
  ['gnome-keyring', 'keeping AWS keys in the keychain'],
  ['dbus', 'keeping AWS keys in the keychain'],
  ['g++', 'compiling the keychain access and the fast ssh encryption'],
  ['make', 'compiling the keychain access and the fast ssh encryption'],
  ['pkg-config', 'compiling the keychain access and the fast ssh encryption'],
  ['python3', 'compiling the keychain access and the fast ssh encryption'],
  ['xvfb', 'tests of the desktop window'],
  ['jupyter-notebook', 'the web IDE of practice networks'],
  ['r-cran-irkernel', 'R in the web IDE of practice networks'],
  ['perl', 'the remote evaluator'],
  ['procps', 'practice networks'],
  ['awscli', 'tests of the practice cloud with the aws command'],
  ['python3-boto3', 'tests of the practice cloud with boto3'],
  ['shellcheck', 'checks of the bootstrap scripts']
]

const inWords = {
  darwin: 'On macOS install what is missing yourself: `brew install r open-mpi openssh` and `brew install --cask chromium`; then, in R, ' +
    'install.packages(c("processx", "jsonlite", "testthat", "Rmpi")). Practice networks run as processes of yours there.',
  win32: 'On Windows install what is missing yourself: `winget install RProject.R` and `winget install Microsoft.msmpi`; then, in R, ' +
    'install.packages(c("processx", "jsonlite", "testthat")). Edge or Chrome serves as the app window.',
  other: 'This Linux has no apt-get. Install by its own package manager: R with processx, jsonlite, testthat and Rmpi, Open MPI, OpenSSH ' +
    '(client and server), sudo, iproute2, Chromium, libsecret and gnome-keyring, Jupyter notebook with IRkernel.'
}

/** Installs missing Debian packages when that is allowed, else prints the one command to run; never fails. */
export async function setUpSystemPackages({ say }) {
  if (process.platform === 'darwin') return tellOnce(say, 'darwin', ['R', 'mpirun'])
  if (process.platform === 'win32') return tellOnce(say, 'win32', ['R'])
  if (output('sh', ['-c', 'command -v apt-get']) === null) return tellOnce(say, 'other', ['R', 'mpirun', 'sshd'])

  const missing = missingPackages()
  if (missing.length === 0) return
  const root = process.getuid?.() === 0
  const sudo = root ? [] : ['sudo', '-n']
  if (!root && output('sudo', ['-n', 'true']) === null) return tellWhatWaits(say, missing)

  say(`installing ${missing.length} system packages: ${missing.map(([name]) => name).join(' ')}`)
  const [command, ...prefix] = [...sudo, 'apt-get']
  const apt = (args) => run(command, [...prefix, '-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' }, limitSeconds: 1800
  })
  if (await apt(['update']) !== 0) say('the package lists could not be brought up to date; trying with the present ones')
  const [available, unavailable] = splitByAvailability(missing)
  if (unavailable.length > 0) {
    say(`this system offers no ${unavailable.map(([name]) => name).join(', ')}; not working without: ${features(unavailable)}`)
  }
  const withoutStart = root ? keepServicesFromStarting() : () => {}
  const hadSshServer = existsSync('/usr/sbin/sshd')
  const code = await apt(['install', '-y', '--no-install-recommends', ...available.map(([name]) => name)])
  withoutStart()
  if (!hadSshServer && existsSync('/usr/sbin/sshd')) await disableSshServer(sudo)
  if (code !== 0) tellWhatWaits(say, missingPackages())
}

function missingPackages() {
  const names = debianPackages.flatMap(([name]) => name.split('|'))
  const result = output('sh', ['-c', `dpkg-query -W -f '\${Package} \${db:Status-Abbrev}\\n' ${names.join(' ')} 2>/dev/null; true`]) ?? ''
  const installed = new Set(result.split('\n').filter((line) => / i/.test(line)).map((line) => line.split(' ')[0]))
  return debianPackages.filter(([name]) => !name.split('|').some((one) => installed.has(one)))
}

/** Chooses the alternative that the package lists know; packages that they do not know come second. */
function splitByAvailability(packages) {
  const known = (name) => (output('apt-cache', ['policy', name]) ?? '').includes('Candidate: ') &&
    !(output('apt-cache', ['policy', name]) ?? '').includes('Candidate: (none)')
  const chosen = packages.map(([names, feature]) => [names.split('|').find(known) ?? null, feature, names])
  return [
    chosen.filter(([name]) => name !== null),
    chosen.filter(([name]) => name === null).map(([, feature, names]) => [names.split('|')[0], feature])
  ]
}

/** Debian starts a service when its package is installed unless policy-rc.d forbids it; ours is there only meanwhile. */
function keepServicesFromStarting() {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return () => {}
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return () => rmSync(policy, { force: true })
}

/** A freshly installed OpenSSH server is enabled by its package; practice networks run their own, so switch it off. */
async function disableSshServer(sudo) {
  if (output('sh', ['-c', 'command -v systemctl']) === null) return
  const [command, ...args] = [...sudo, 'systemctl', '--quiet', 'disable', '--now', 'ssh.service', 'ssh.socket']
  await run(command, args, { limitSeconds: 30, quiet: true })
}

function features(packages) {
  return [...new Set(packages.map(([, feature]) => feature))].join('; ')
}

function tellWhatWaits(say, missing) {
  if (missing.length === 0) return
  const names = missing.map(([name]) => name.split('|')[0]).join(' ')
  say('some system packages are missing and this user may not install them. Run this once:')
  say(`  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`)
  say(`until then these wait: ${features(missing)}. Going on without them.`)
}

function tellOnce(say, system, commands) {
  const finder = process.platform === 'win32' ? 'where' : 'which'
  if (commands.every((command) => output(finder, [command]) !== null)) return
  say(inWords[system])
}
