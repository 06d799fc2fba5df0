import type { Ground } from './grounds.ts'
import type { ErasureState } from './erasureState.ts'

/** The certificate of an erasure as JSON: docs/erasure-certificate.md describes it. Times are ISO 8601, hashes hexadecimal. Never a value of a record. */
export type Certificate = {
  readonly format: 'anechoic-erasure-certificate/1'
  readonly company: string
  /** The number of the installation's keyring. */
  readonly installation: string
  readonly issuedAt: string
  readonly subject: number
  readonly erasedAt: string
  /** By when no copy can be opened any more. */
  readonly completeBy: string
  /** How far it had come when the certificate was issued. */
  readonly state: ErasureState
  readonly ground: { readonly code: Ground; readonly zh: string; readonly en: string }
  readonly by: { readonly staffId: string | null; readonly name: string | null; readonly roles: readonly CertificateLabel[] }
  readonly erased: readonly ({ readonly entity: string; readonly count: number } & CertificateLabel)[]
  readonly keys: readonly {
    readonly subject: number
    readonly version: number | null
    readonly suite: number | null
    readonly epoch: number | null
    readonly epochDestroyedAt: string | null
  }[]
  readonly audit: readonly {
    readonly index: number
    readonly id: number
    readonly at: string
    readonly entity: string
    /** RFC 6962, section 2.1: SHA-256 over 0x00 and the entry's bytes. */
    readonly leafSha256: string
  }[]
  readonly seal: { readonly algorithm: 'HMAC-SHA256'; readonly value: string }
}

export type CertificateLabel = { readonly zh: string; readonly en: string }
