/** A certificate chain, the server's own first, and its private key; both PEM. */
export type KeyPair = { readonly certificate: string; readonly key: string }

/** What the owner is told of the certificate that is being served, or that is still waited for. */
export type CertificateStatus = {
  readonly source: 'files' | 'acme' | 'localCa'
  /** Names and addresses it is for; empty while there is none yet. */
  readonly names: readonly string[]
  readonly issuer: string | null
  /** ISO 8601, or null while there is none yet. */
  readonly notAfter: string | null
  /** Whole days left, negative once it has expired; null while there is none yet. */
  readonly daysLeft: number | null
  /** When it was last put in place or renewed by this process, ISO 8601. */
  readonly renewedAt: string | null
  /** Why the last reload or renewal failed, in a word; null when it did not. */
  readonly problem: string | null
  /** SHA-256 of the local authority, as devices show it; null for other sources. */
  readonly authority: string | null
}

/** A certificate that changes while it is served. */
export type LiveCertificate = {
  /** Null until the first one is there (ACME). */
  readonly current: () => KeyPair | null
  /** Calls back with each new pair. */
  readonly onChange: (listener: (pair: KeyPair) => void) => void
  readonly status: () => CertificateStatus
  readonly close: () => Promise<void>
}

/** Told of what happens to a certificate: `problem` null when a new one is in place. */
export type CertificateEvents = (event: 'certificate_renewed' | 'certificate_problem', problem: string | null) => void
