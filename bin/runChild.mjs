import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { watchNpm } from './watchNpm.mjs'

/**
 * Runs a program in the foreground and resolves to its exit code (128 + number when a signal ended it). Signals are passed on; an
 * interrupt from the
 * terminal is not, since the terminal has sent it to the child as well. With `tied` the child gets descriptor 3, for followLauncher.mjs.
 */
export function runChild([command, ...args], { cwd, env, uid, gid, tied = false, stdout = 'inherit' }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['inherit', stdout, 'inherit', ...(tied ? ['pipe'] : [])],
      ...(uid === undefined ? {} : { uid, gid }),
    })
    child.stdio[3]?.on('error', () => {})
    const pass = (signal) => {
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, pass)
    const unwatch = watchNpm(() => child.kill('SIGTERM'))
    const settle = (action) => {
      unwatch()
      for (const signal of signals) process.off(signal, pass)
      action()
    }
    child.on('error', (error) => settle(() => reject(error)))
    child.on('exit', (code, signal) => settle(() => resolve(code ?? 128 + constants.signals[signal])))
  })
}
