import { randomBytes } from 'node:crypto'
import { encodeCrockford } from '../crypto/crockford.ts'

/** Returns a passphrase of 16 characters in groups of four: 80 random bits, which no stretching has to make up for, and can be read out on a phone. */
export const inventPassphrase = (): string => encodeCrockford(randomBytes(10))
