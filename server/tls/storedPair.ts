import { readFile } from 'node:fs/promises'
import { replaceFileDurably } from '../crypto/durableFile.ts'
import type { KeyPair } from './liveCertificate.ts'

// A key and its chain lie in one file, so that a power cut never leaves one of each.
const keyBlock = /-----BEGIN (?:EC )?PRIVATE KEY-----[\s\S]*?-----END (?:EC )?PRIVATE KEY-----\n?/

/** Reads a key and its chain from one file; null where there is none, or it holds no such two. */
export const readPair = async (file: string): Promise<KeyPair | null> => {
  const text = await readFile(file, 'utf8').catch(() => null)
  const key = text === null ? null : (keyBlock.exec(text)?.[0] ?? null)
  if (text === null || key === null) return null
  const certificate = text.replace(key, '')
  return certificate.includes('BEGIN CERTIFICATE') ? { certificate, key } : null
}

/** Writes a key and its chain into one file (0600), whole or not at all. Throws as `replaceFileDurably`. */
export const writePair = (file: string, { certificate, key }: KeyPair): Promise<void> =>
  replaceFileDurably(file, `${key.trimEnd()}\n${certificate}`)
