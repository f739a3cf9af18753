// The layering of docs/architecture.md as checks: a folder's name tells what may import what.
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

export default {
  forbidden: [
    only('no-cycles', 'Two files that need each other are one subject or three.', {}, { circular: true }),
    only('contract-is-pure', 'The contract depends on zod alone.',
      { path: '^app/contract/' }, { pathNot: '^app/contract/|node_modules/zod/' }),
    only('core-is-pure', 'Core knows neither Node nor AWS nor Electron.',
      { path: '^app/main/core/', pathNot: '\\.test\\.ts$' }, { pathNot: '^app/(contract|main/core)/|node_modules/zod/' }),
    only('services-over-ports', 'Services reach foreign things through ports.',
      { path: '^app/main/services/', pathNot: '\\.test\\.ts$|/testing/' },
      { path: '^app/main/(adapters|transports|shells|practice)|^app/(preload|renderer)/' }),
    only('adapters-fill-ports', 'An adapter knows core and contract, not who uses it.',
      { path: '^app/main/adapters/', pathNot: '\\.test\\.ts$' }, { path: '^app/main/(services|transports|shells|practice)/|^app/(preload|renderer)/' }),
    only('adapters-stand-apart', 'One adapter does not build on another.',
      { path: '^app/main/adapters/([^/]+)/' }, { path: '^app/main/adapters/', pathNot: '^app/main/adapters/$1/' }),
    only('transports-carry', 'Transports carry the contract and know no service.',
      { path: '^app/main/transports/', pathNot: '\\.test\\.ts$' }, { path: '^app/main/(services|adapters|shells|practice)/|^app/(preload|renderer)/' }),
    only('practice-stands-alone', 'The practice cloud is a cloud: it knows nothing of the manager.',
      { path: '^app/main/practice/', pathNot: '\\.test\\.ts$' }, { path: '^app/main/(services|adapters|transports|shells)/|^app/(preload|renderer)/' }),
    only('renderer-knows-the-contract', 'The renderer reaches the manager by the contract alone.',
      { path: '^app/renderer/' }, { path: '^app/(main|preload)/' }),
    only('preload-is-thin', 'The preload bridge knows the contract and Electron, nothing else.',
      { path: '^app/preload/' }, { path: '^app/(main|renderer)/' }),
    only('electron-in-its-shell', 'Everything else runs without Electron.',
      { pathNot: '^app/main/shells/electron/|^app/preload/|^app/main/adapters/settings/electron-store|^tests/(electron-standin|e2e-electron)/' },
      { path: 'node_modules/(electron|electron-store)/' }),
    only('aws-in-its-adapter', 'The AWS SDK is used in one place.',
      { pathNot: '^app/main/adapters/ec2/|^tests/' }, { path: 'node_modules/@aws-sdk/' }),
    only('ssh2-in-its-adapter', 'ssh2 is used by its adapter and by the practice machines.',
      { pathNot: '^app/main/adapters/ssh2/|^app/main/practice/|^tests/' }, { path: 'node_modules/ssh2/' }),
    only('nothing-imports-tests', 'Product code does not lean on tests.', { path: '^app/', pathNot: '\\.test\\.tsx?$' }, { path: '^(tests|bench)/' }),
    only('resolvable', 'Every import leads somewhere.', { pathNot: '\\.test\\.tsx?$' }, { couldNotResolve: true, pathNot: '^electron$|\\.css$' })
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)out/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'], conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] }
  }
}
