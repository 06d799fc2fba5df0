import { createSecretKey, hash, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { createFileDurably } from '../durableFile.ts'
import { deriveSubkey } from '../subkey.ts'
import type { RootProvider } from './rootProvider.ts'
import { openUnderRoot, sealUnderRoot } from './sealUnderRoot.ts'

// header 16 | key 32 | SHA-256 of both 32. Binary, so that the key never becomes a string, which could not be wiped.
const header = Buffer.from('ANECHOIC-KEY-1\n\n')
const KEY_BYTES = 32
const FILE_BYTES = header.length + KEY_BYTES + 32

const advice = {
  missing:
    'put the key file back from where you keep its copy, or recover with the recovery kit; a new key file would not open the keyring',
  truncated: 'restore the key file from its copy, or recover with the recovery kit',
  damaged: 'restore the key file from its copy, or recover with the recovery kit',
  unreadable: 'make the file readable for the account that runs the server',
  mode: 'others can read the key file: run chmod 600 on it',
}

function refuse(file: string, problem: keyof typeof advice, cause?: unknown): AppError {
  return new AppError('keyring_invalid', { file, problem, advice: advice[problem] }, { cause })
}

async function readRoot(file: string): Promise<KeyObject> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw refuse(file, error.code === 'ENOENT' ? 'missing' : 'unreadable', error)
  })
  try {
    const { mode } = await handle.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw refuse(file, 'mode')
    const bytes = Buffer.alloc(FILE_BYTES + 1)
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
    const end = FILE_BYTES - 32
    const whole = bytesRead === FILE_BYTES && bytes.subarray(0, header.length).equals(header)
    if (!whole || !hash('sha256', bytes.subarray(0, end), 'buffer').equals(bytes.subarray(end, FILE_BYTES))) {
      bytes.fill(0)
      throw refuse(file, bytesRead < FILE_BYTES ? 'truncated' : 'damaged')
    }
    const root = createSecretKey(bytes.subarray(header.length, end))
    bytes.fill(0)
    return root
  } finally {
    await handle.close()
  }
}

async function createKeyFile(file: string): Promise<void> {
  const body = Buffer.concat([header, randomBytes(KEY_BYTES)])
  const content = Buffer.concat([body, hash('sha256', body, 'buffer')])
  try {
    await createFileDurably(file, content)
  } catch (error) {
    // Another process was first: its file is as good.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  content.fill(0)
  body.fill(0)
}

/**
 * The root key as a file of 0600 on this machine: the embedded default. It is read
 * at every use and not kept, so taking the file away locks the product
 * within the keyring's five minutes. With `create` a missing file is made, unless
 * the keyring (default: keyring.json in the same folder) exists already.
 * Throws AppError('keyring_invalid', { file, problem, advice }); problem is missing | truncated | damaged | unreadable | mode.
 */
export async function keyFileProvider(file: string, options: { create?: boolean; keyring?: string } = {}): Promise<RootProvider> {
  const keyring = options.keyring ?? join(dirname(file), 'keyring.json')
  if (options.create && !existsSync(file) && !existsSync(keyring)) await createKeyFile(file)
  const id = deriveSubkey(await readRoot(file), 'key-id', 8)
    .export()
    .toString('hex')
  return {
    kind: 'keyFile',
    header: { id },
    wrap: async (plain) => sealUnderRoot(await readRoot(file), plain),
    unwrap: async (wrapped) => openUnderRoot(await readRoot(file), wrapped),
  }
}
