import Type from 'typebox'

const text = Type.String({ maxLength: 20_000 })
const open = { additionalProperties: true } as const

/** Bytes of a body that carries what an authenticator said: some attest with long certificates. */
export const passkeyBodyLimit = 64 * 1024

/** What a browser's authenticator is to be asked, as the browser takes it (WebAuthn level 3, 5.1). */
export const options = Type.Object({ options: Type.Unknown() })

const credential = { id: text, rawId: text, type: Type.Literal('public-key') }

/** What an authenticator answered when a passkey was shown. Browsers add keys of their own; what is not named is not read. */
export const passkeyAnswer = Type.Object(
  { ...credential, response: Type.Object({ clientDataJSON: text, authenticatorData: text, signature: text }, open) },
  open,
)

/** What an authenticator answered when a passkey was made. */
export const passkeyMade = Type.Object(
  { ...credential, response: Type.Object({ clientDataJSON: text, attestationObject: Type.String({ maxLength: 48_000 }) }, open) },
  open,
)
