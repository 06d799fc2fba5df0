import { homedir } from 'node:os'
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { findNode26, hardened } from './node26.mjs'
import { isRoot } from './privileges.mjs'
import { runChild } from './runChild.mjs'
import { toolCommand, toolEnvironment } from './runTool.mjs'
import { say } from './say.mjs'

/**
 * The server, restarted when its files change, and Vite's development server, which passes the API on to it. Data lies in a folder of its
 * own, so
 * that trying things never touches real customers. Resolves to the exit code of whichever ends first; the other is ended then.
 */
export async function dev(root, args) {
  await ensureInstalled(root)
  const data = isRoot ? '/var/lib/anechoic-dev' : join(homedir(), '.local', 'share', 'anechoic-dev')
  const serverArgs = args.includes('--data') ? args : ['--data', data, ...args]
  const server = hardened(findNode26(root), ['--watch', '--watch-preserve-output', join(root, 'server', 'main.ts'), 'serve', ...serverArgs])
  say('网页：http://localhost:7411（改动即时生效）', 'Web client: http://localhost:7411 (changes show at once)')
  const env = toolEnvironment(root)
  const code = await Promise.race([
    runChild(server, { cwd: root, env }),
    runChild(toolCommand(root, 'vite', ['--config', join(root, 'vite.config.ts'), '--logLevel', 'warn']), { cwd: root, env }),
  ])
  process.kill(process.pid, 'SIGTERM') // passed on to the one still running
  return code
}
