import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { type Api, apiClient } from './api.ts'

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

export type RunningServer = {
  readonly url: string
  readonly process: ChildProcess
  /** Everything the server printed so far, both streams. */
  output: () => string
  /** SIGTERM, then waits for the exit; resolves to the exit code. */
  stop: () => Promise<number | null>
  /** SIGKILL to the server's own process, then waits for the exit. */
  kill: () => Promise<void>
}

/** Returns a TCP port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

// The test run's own settings are not the product's.
const unsetProduct = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('ANECHOIC_') && name !== 'DATABASE_URL'))

/**
 * Starts the product as `npm start` does, without npm: the launcher, which drops privileges when run as root. Resolves when `/livez` answers.
 * Throws with the output when it ends before that or is not up within `limitMs`.
 */
export const startServer = async (options: {
  data: string
  port?: number
  /** More arguments of `serve`. */
  args?: string[]
  env?: Record<string, string>
  limitMs?: number
  /** Where it is asked whether it is up, when that is not over plain HTTP on `port`. */
  probe?: string
}): Promise<RunningServer> => {
  const port = options.port ?? (await freePort())
  const child = spawn(
    process.execPath,
    [join(root, 'bin/start.mjs'), 'serve', '--port', String(port), '--data', options.data, ...(options.args ?? [])],
    {
      env: { ...unsetProduct(process.env), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const exited = once(child, 'exit')
  const url = `http://localhost:${port}`
  const deadline = Date.now() + (options.limitMs ?? 60_000)
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended before it was up:\n${printed}`)
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`the server was not up in time:\n${printed}`)
    }
    const up = await fetch(options.probe ?? `${url}/livez`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (up) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    process: child,
    output: () => printed,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
      return child.exitCode
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Waits until `/readyz` says 200; throws with its last reasons after `limitMs`. */
export const untilReady = async (url: string, limitMs = 60_000): Promise<void> => {
  const deadline = Date.now() + limitMs
  let last = ''
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return
    last = answer ? await answer.text() : 'no answer'
    if (Date.now() > deadline) throw new Error(`not ready in time: ${last}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export const ownerAccount = { login: 'laoban', name: '罗老板', password: 'quiet-room-with-thick-walls-41' }

/** Takes a new installation through set-up over HTTP, as the wizard does, and returns a signed-in owner and the kit's shares. */
export const setUp = async (server: RunningServer): Promise<{ owner: Api; shares: string[] }> => {
  const token = /setup\?token=([\w-]+)/.exec(server.output())?.[1]
  if (!token) throw new Error(`no set-up link in the output:\n${server.output()}`)
  const owner = apiClient(server.url)
  const { shares } = await owner.call<{ shares: string[] }>('POST', '/api/setup', {
    token,
    company: '静听影音',
    store: '静安店',
    owner: ownerAccount,
    kit: { shares: 5, threshold: 3 },
  })
  await untilReady(server.url)
  await owner.signIn(ownerAccount.login, ownerAccount.password)
  return { owner, shares }
}
