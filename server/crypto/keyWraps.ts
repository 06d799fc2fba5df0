import { createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { Decrypter, Encrypter, armor } from 'age-encryption'
import { AppError } from '../../domain/errors.ts'
import type { KeyEntry } from './keyringFile.ts'
import type { RootProvider } from './providers/rootProvider.ts'

const KEY_BYTES = 32

// What both wraps hold: a line that names keyring and key, then the 32 bytes. So
// an entry copied to another name or keyring does not open as that.
function labelOf(keyringId: string, name: string): Buffer {
  return Buffer.from(`anechoic-key/1 ${keyringId} ${name}\n`)
}

function readKey(plain: Buffer, keyringId: string, name: string): KeyObject {
  const label = labelOf(keyringId, name)
  const right = plain.length === label.length + KEY_BYTES && plain.subarray(0, label.length).equals(label)
  if (!right) throw new AppError('envelope_invalid')
  const key = createSecretKey(plain.subarray(label.length))
  plain.fill(0)
  return key
}

async function wrapTwice(keyringId: string, name: string, key: Uint8Array, provider: RootProvider, recipient: string) {
  const plain = Buffer.concat([labelOf(keyringId, name), key])
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const [byProvider, byKit] = await Promise.all([provider.wrap(plain), encrypter.encrypt(new Uint8Array(plain))])
  plain.fill(0)
  return { provider: byProvider.toString('base64'), recovery: armor.encode(byKit) }
}

/** Returns a new keyring entry: 32 random bytes under the provider and, independently, under the recovery kit's recipient. */
export async function mintEntry(keyringId: string, name: string, provider: RootProvider, recipient: string): Promise<KeyEntry> {
  const key = randomBytes(KEY_BYTES)
  const wraps = await wrapTwice(keyringId, name, key, provider, recipient)
  key.fill(0)
  return { name, createdAt: new Date().toISOString(), destroyedAt: null, ...wraps }
}

/** Returns the same key under another provider; the kit's wrap is made anew too. */
export async function rewrapEntry(
  keyringId: string,
  entry: KeyEntry,
  key: KeyObject,
  provider: RootProvider,
  recipient: string,
): Promise<KeyEntry> {
  const plain = key.export()
  const wraps = await wrapTwice(keyringId, entry.name, plain, provider, recipient)
  plain.fill(0)
  return { ...entry, ...wraps }
}

/**
 * Opens an entry by the provider. Throws AppError('key_erased') for a destroyed one,
 * AppError('envelope_invalid') for a foreign one, or what the provider throws.
 */
export async function openByProvider(keyringId: string, entry: KeyEntry, provider: RootProvider): Promise<KeyObject> {
  if (entry.provider === null) throw new AppError('key_erased', { name: entry.name })
  return readKey(await provider.unwrap(Buffer.from(entry.provider, 'base64')), keyringId, entry.name)
}

/** Opens an entry by the kit's identity (`AGE-SECRET-KEY-1…`). Throws as openByProvider does. */
export async function openByKit(keyringId: string, entry: KeyEntry, identity: string): Promise<KeyObject> {
  if (entry.recovery === null) throw new AppError('key_erased', { name: entry.name })
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const plain = await decrypter.decrypt(armor.decode(entry.recovery)).catch(() => {
    throw new AppError('envelope_invalid')
  })
  return readKey(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength), keyringId, entry.name)
}
