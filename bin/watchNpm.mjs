import { readFileSync } from 'node:fs'

/** How often is looked, in milliseconds. */
const interval = 100

/**
 * Calls `onGone` once when the npm that started this launcher has ended. npm passes SIGTERM to the shell between it and us, and that shell
 * (dash)
 * dies of it without a word to us; a `kill -9` of npm reaches nobody at all. Either way a server would stay behind, holding port and data.
 * Not started by npm: nothing is watched, so `nohup node bin/start.mjs serve &` outlives its terminal. Returns a function that ends the
 * watch.
 */
export function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return () => {}
  const before = ancestors()
  const timer = setInterval(() => {
    if (ancestors() === before) return
    clearInterval(timer)
    onGone()
  }, interval)
  timer.unref()
  return () => clearInterval(timer)
}

/** Our parent, and, where that is npm's shell, its parent: npm. Without /proc the parent alone. */
function ancestors() {
  const parent = process.ppid
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8'))
    return /^(sh|dash|ash|bash|busybox)$/.test(name) ? `${parent} ${rest.split(' ')[1]}` : `${parent}`
  } catch {
    return `${parent}`
  }
}
