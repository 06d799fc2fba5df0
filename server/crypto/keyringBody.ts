import { keyringProblem } from './keyringFile.ts'
import type { KeyEntry, KeyringBody } from './keyringFile.ts'
import type { RootProvider } from './providers/rootProvider.ts'

/** Returns the number in a key's name: 3 of 'epoch/3'. */
export function numberOf(name: string): number {
  return Number(name.slice(name.indexOf('/') + 1))
}

const familyOf = (body: KeyringBody, family: string) => body.keys.filter((key) => key.name.startsWith(`${family}/`))

/** Returns the numbers of a family's living keys, lowest first. */
export function livesOf(body: KeyringBody, family: string): number[] {
  const alive = familyOf(body, family).filter((key) => key.destroyedAt === null)
  return alive.map((key) => numberOf(key.name)).sort((a, b) => a - b)
}

/** Returns the next free number of a family; that of a destroyed key is never used again. */
export function nextOf(body: KeyringBody, family: string): number {
  return Math.max(...familyOf(body, family).map((key) => numberOf(key.name))) + 1
}

/** Returns the entry of a name, living or destroyed. */
export function entryOf(body: KeyringBody, name: string): KeyEntry | undefined {
  return body.keys.find((key) => key.name === name)
}

/** Throws AppError('keyring_invalid', problem 'other_provider') unless kind and public parameters are those the keyring was made with. */
export function requireSameProvider(file: string, body: KeyringBody, provider: RootProvider): void {
  const stored = body.provider.header
  const names = Object.keys({ ...stored, ...provider.header })
  const same = provider.kind === body.provider.kind && names.every((name) => stored[name] === provider.header[name])
  if (!same) throw keyringProblem(file, 'other_provider')
}
