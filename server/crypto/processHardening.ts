import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import inspector from 'node:inspector'

/** What one check of `doctor` found. */
export type HardeningCheck = { name: string; ok: boolean; detail: string }

/**
 * Flags of Node for every process that holds keys. They win over NODE_OPTIONS.
 * No debugger by signal, and no file into which memory is written.
 * bin/start.mjs cannot import TypeScript before it has found Node 26, so it repeats them; checkHardening() tells when one is missing.
 */
export const hardeningFlags: readonly string[] = [
  '--disable-sigusr1',
  '--no-report-on-fatalerror',
  '--no-report-on-signal',
  '--no-report-uncaught-exception',
  '--heapsnapshot-near-heap-limit=0',
]

/**
 * Environment variables the launcher removes: each can inject code or options,
 * weaken TLS, or write what the process sees to a file or the log.
 */
export const scrubbedVariables: readonly string[] = [
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
  'NODE_V8_COVERAGE',
  'NODE_REDIRECT_WARNINGS',
  'NODE_REPL_EXTERNAL_MODULE',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'OPENSSL_CONF',
  'OPENSSL_MODULES',
  'SSLKEYLOGFILE',
]

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

/**
 * Does what a process can do for itself at start: new files are for their owner only, no reports, and a core dump would hold no memory
 * (Linux, proc(5) coredump_filter; children inherit it). The core limit itself is the launcher's: Node cannot set one.
 */
export function hardenProcess(): void {
  process.umask(0o077)
  if (process.report) Object.assign(process.report, { reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false })
  try {
    writeFileSync('/proc/self/coredump_filter', '0')
  } catch {
    // Not Linux, or /proc is read-only: checkHardening says so.
  }
}

/** Looks at the running process and machine; each line says what was found and, if not ok, what to do. For `doctor`; nothing throws. */
export function checkHardening(): HardeningCheck[] {
  const missing = hardeningFlags.filter((flag) => !process.execArgv.includes(flag))
  const variables = scrubbedVariables.filter((name) => process.env[name])
  const dangerous = process.execArgv.filter((flag) =>
    /^--(inspect|debug-port|heap-prof|cpu-prof|heapsnapshot-signal|report-(on|uncaught)|diagnostic-dir)/.test(flag),
  )
  const report = process.report
  const reports = Boolean(report?.reportOnFatalError || report?.reportOnSignal || report?.reportOnUncaughtException)
  const debuggerUrl = inspector.url()
  return [
    { name: 'node_flags', ok: missing.length === 0, detail: missing.length === 0 ? 'all set' : `start with ${missing.join(' ')}` },
    {
      name: 'debugger',
      ok: !debuggerUrl && dangerous.length === 0,
      detail: debuggerUrl ? 'a debugger can attach' : dangerous.join(' ') || 'closed',
    },
    { name: 'reports', ok: !reports, detail: reports ? 'diagnostic reports are on: they contain memory and environment' : 'off' },
    { name: 'environment', ok: variables.length === 0, detail: variables.length === 0 ? 'clean' : `unset ${variables.join(', ')}` },
    ...(process.platform === 'linux' ? [checkCoreLimit(), checkTracing(), checkSwap()] : []),
  ]
}

function checkCoreLimit(): HardeningCheck {
  const soft = /^Max core file size\s+(\S+)/m.exec(read('/proc/self/limits') ?? '')?.[1]
  const filter = read('/proc/self/coredump_filter')
  const filtered = filter !== null && Number.parseInt(filter, 16) === 0
  const detail = `core size limit ${soft ?? 'unknown'}, memory in core dumps: ${filtered ? 'none' : 'yes'}`
  return { name: 'core_dumps', ok: soft === '0' || filtered, detail: soft === '0' || filtered ? detail : `${detail}; run with ulimit -c 0` }
}

function checkTracing(): HardeningCheck {
  const scope = read('/proc/sys/kernel/yama/ptrace_scope')
  if (scope === null)
    return { name: 'tracing', ok: true, detail: 'this kernel has no Yama: root and the same account can read the memory of a process' }
  return {
    name: 'tracing',
    ok: scope !== '0',
    detail: scope === '0' ? 'set kernel.yama.ptrace_scope to 1' : `kernel.yama.ptrace_scope is ${scope}`,
  }
}

// Strings in V8 cannot be wiped, so what is swapped out must be unreadable later: no swap, memory-only swap, or a dm-crypt device.
function checkSwap(): HardeningCheck {
  const devices = (read('/proc/swaps') ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/)[0] ?? '')
    .filter(Boolean)
  const encrypted = new Set<string>()
  try {
    for (const name of readdirSync('/sys/block')) {
      const uuid = read(`/sys/block/${name}/dm/uuid`) ?? ''
      if (uuid.startsWith('CRYPT-'))
        for (const path of [`/dev/${name}`, `/dev/mapper/${read(`/sys/block/${name}/dm/name`)}`]) encrypted.add(path)
    }
  } catch {
    // No /sys: then every swap device counts as plain.
  }
  const plain = devices.filter((device) => !device.startsWith('/dev/zram') && !encrypted.has(device))
  return {
    name: 'swap',
    ok: plain.length === 0,
    detail: plain.length === 0 ? 'none, or encrypted' : `encrypt or switch off ${plain.join(', ')}`,
  }
}
