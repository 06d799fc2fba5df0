/** Public parameters of a provider, kept in the keyring: salt and cost of a passphrase, the name of a key elsewhere. Never a secret. */
export type ProviderHeader = Record<string, string | number>

/**
 * What holds the root key: it wraps and unwraps the keys of the keyring, up to 190 bytes at a time (what RSA-OAEP with 2048 bits takes).
 * `unwrap` throws AppError('envelope_invalid') when the bytes were not wrapped
 * by this root; any other error means that the root is out of reach.
 */
export type RootProvider = {
  kind: string
  header: ProviderHeader
  wrap(plain: Uint8Array): Promise<Buffer>
  unwrap(wrapped: Uint8Array): Promise<Buffer>
}
