import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { limitConcurrency } from './limitConcurrency.ts'

// OWASP Password Storage Cheat Sheet: argon2id with m = 19 MiB, t = 2, p = 1.
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const bytes = 32

type Cost = { memory: number; passes: number; parallelism: number }

// libuv's pool has four threads; two stay free for everybody else.
const inTurn = limitConcurrency(2, 64)

const derive = (password: string, salt: Uint8Array, { memory, passes, parallelism }: Cost): Promise<Buffer> =>
  inTurn(
    () =>
      new Promise((resolve, reject) => {
        const options = { message: password.normalize('NFKC'), nonce: salt, memory, passes, parallelism, tagLength: bytes }
        argon2('argon2id', options, (error, tag) => (error ? reject(error) : resolve(Buffer.from(tag))))
      }),
  )

const encode = (value: Uint8Array): string => Buffer.from(value).toString('base64').replace(/=+$/, '')

/** Returns the password as a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$salt$hash`). Throws `busy` when too many wait. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16)
  const tag = await derive(password, salt, cost)
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${encode(salt)}$${encode(tag)}`
}

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

/** Whether the password is the one behind the PHC string; false for a string of another form. Throws `busy` when too many wait. */
export const verifyPassword = async (password: string, encoded: string): Promise<boolean> => {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(encoded) ?? []
  if (!salt || !tag) return false
  const stored = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), stored), Buffer.from(tag, 'base64'))
}

let dummy: Promise<string> | null = null

/** Spends the time of one verification, for logins that do not exist: an answer's time must not tell them apart. Always false. */
export const verifyNobody = async (password: string): Promise<false> => {
  await verifyPassword(password, await (dummy ??= hashPassword(randomBytes(24).toString('base64'))))
  return false
}
