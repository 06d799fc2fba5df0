import { argon2, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { deriveSubkey } from '../subkey.ts'
import type { ProviderHeader, RootProvider } from './rootProvider.ts'
import { openUnderRoot, sealUnderRoot } from './sealUnderRoot.ts'

/**
 * Cost and salt of a passphrase; `check` (hex) tells a wrong passphrase from
 * a damaged keyring and is absent only before the keyring exists.
 */
export type PassphraseParams = { salt: string; memoryKiB: number; passes: number; lanes: number; check?: string }

// At least RFC 9106 section 4, second recommended option (m = 64 MiB, t = 3);
// the upper bounds keep a forged keyring from exhausting the machine.
const bounds = { memoryKiB: [65_536, 2_097_152], passes: [3, 64], lanes: [1, 16] } as const
/** The shortest passphrase a new keyring accepts, in characters; strength beyond length is judged where it is chosen. */
export const PASSPHRASE_MIN_LENGTH = 12

/** Returns fresh parameters for a new keyring: 16 random bytes of salt, 64 MiB, 3 passes, 4 lanes (RFC 9106 section 4). */
export function newPassphraseParams(): PassphraseParams {
  return { salt: randomBytes(16).toString('hex'), memoryKiB: 65_536, passes: 3, lanes: 4 }
}

/**
 * Returns the parameters in the header of a keyring of kind 'passphrase'.
 * Throws AppError('keyring_invalid') when they are not within bounds.
 */
export function readPassphraseParams(header: ProviderHeader): PassphraseParams {
  const { salt, memoryKiB, passes, lanes, check } = header
  const within = (name: keyof typeof bounds, value: unknown) =>
    Number.isInteger(value) && Number(value) >= bounds[name][0] && Number(value) <= bounds[name][1]
  const isHex = (value: unknown, bytes: number) => typeof value === 'string' && value.length === bytes * 2 && /^[0-9a-f]+$/.test(value)
  if (!isHex(salt, 16) || !isHex(check, 16) || !within('memoryKiB', memoryKiB) || !within('passes', passes) || !within('lanes', lanes)) {
    throw new AppError('keyring_invalid', { problem: 'passphrase parameters', advice: 'restore the newest copy of the keyring' })
  }
  return { salt: String(salt), memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes), check: String(check) }
}

function stretch(passphrase: string, params: PassphraseParams): Promise<KeyObject> {
  const { promise, resolve, reject } = Promise.withResolvers<KeyObject>()
  // NFKC, as NIST SP 800-63B-4 section 3.1.1.2 advises: an input method may give full-width digits today and narrow ones tomorrow.
  const message = Buffer.from(passphrase.normalize('NFKC'))
  const { memoryKiB: memory, passes, lanes: parallelism } = params
  argon2('argon2id', { message, nonce: Buffer.from(params.salt, 'hex'), parallelism, tagLength: 32, memory, passes }, (error, key) => {
    message.fill(0)
    if (error) return reject(new AppError('key_unavailable', { problem: 'argon2' }, { cause: error }))
    resolve(createSecretKey(key))
    key.fill(0)
  })
  return promise
}

/**
 * The root key from a passphrase (argon2id, RFC 9106, about 0.2 s): the server starts sealed until someone types it.
 * `params` are newPassphraseParams() for a new keyring, or readPassphraseParams(header) of an existing one.
 * Throws AppError('passphrase_wrong') when the stored check value differs, and
 * AppError('input_invalid') for a new passphrase that is too short.
 */
export async function passphraseProvider(passphrase: string, params: PassphraseParams): Promise<RootProvider> {
  if (params.check === undefined && [...passphrase].length < PASSPHRASE_MIN_LENGTH) {
    throw new AppError('input_invalid', { field: 'passphrase', problem: 'too_short', min: PASSPHRASE_MIN_LENGTH })
  }
  const root = await stretch(passphrase, params)
  const check = deriveSubkey(root, 'passphrase-check', 16).export()
  if (params.check !== undefined && !timingSafeEqual(check, Buffer.from(params.check, 'hex'))) throw new AppError('passphrase_wrong')
  return {
    kind: 'passphrase',
    header: { salt: params.salt, memoryKiB: params.memoryKiB, passes: params.passes, lanes: params.lanes, check: check.toString('hex') },
    wrap: async (plain) => sealUnderRoot(root, plain),
    unwrap: async (wrapped) => openUnderRoot(root, wrapped),
  }
}
