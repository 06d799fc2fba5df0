import { Encrypter } from 'age-encryption'
import { encrypt } from 'officecrypto-tool'
import { parentPort, workerData } from 'node:worker_threads'
import type { Lock } from './lockFile.ts'

const { lock, file, passphrase } = workerData as { lock: Lock; file: Uint8Array; passphrase: string }

const locked = async (): Promise<Uint8Array> => {
  if (lock === 'password') return encrypt(Buffer.from(file.buffer, file.byteOffset, file.byteLength), { password: passphrase })
  const age = new Encrypter()
  age.setPassphrase(passphrase)
  // 32 MB instead of age's usual 256: stretching makes up for passphrases that people choose, and this one is 80 random bits.
  age.setScryptWorkFactor(15)
  return age.encrypt(file)
}

// A failure says nothing: a library's message may quote what it was given.
parentPort?.postMessage(await locked().catch(() => null))
