import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Bounds of one parser child: silence and work in milliseconds, resident memory in megabytes (Linux only; elsewhere the heap bound
 * stands alone).
 */
export type ParserBounds = { stuckMs: number; workMs: number; residentMb: number }
export type KillReason = 'stuck' | 'too_long' | 'memory'

/**
 * Watches a parser child and kills it when it makes no progress, works too long or grows too large. Time counts only while the child
 * has something to do: not while our reader is busy with the last batch, nor while we wait for more of the file. `reason()` tells why
 * it was killed.
 */
export function watchParser(child: ChildProcess, bounds: ParserBounds) {
  const state = { awaitingOutput: false, awaitingSource: false }
  let reason: KillReason | null = null
  let idleMs = 0
  let workMs = 0
  let last = performance.now()
  const everyMs = Math.min(500, bounds.stuckMs / 4)
  const timer = setInterval(() => {
    const now = performance.now()
    if (state.awaitingOutput && !state.awaitingSource) {
      // Never more than two ticks at once: a machine that slept, or our own busy loop, is not the child's fault.
      const passed = Math.min(now - last, everyMs * 2)
      idleMs += passed
      workMs += passed
    }
    last = now
    if (residentMb(child.pid) > bounds.residentMb) kill('memory')
    else if (idleMs > bounds.stuckMs) kill('stuck')
    else if (workMs > bounds.workMs) kill('too_long')
  }, everyMs)
  const kill = (why: KillReason) => {
    reason ??= why
    child.kill('SIGKILL')
  }
  return { state, progress: () => void (idleMs = 0), reason: () => reason, stop: () => clearInterval(timer) }
}

function residentMb(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1])
    // 4 KiB pages; on kernels with larger ones the bound is only stricter in name, the heap bound still holds.
    return Number.isFinite(pages) ? pages / 256 : 0
  } catch {
    return 0
  }
}
