import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a site asked of the browser, as far as an authenticator reads it. */
type CreationOptions = { challenge: string; rp: { id: string }; user: { id: string } }
type RequestOptions = { challenge: string; rpId?: string }

/** How an answer differs from an honest one. */
export type Lie = { origin?: string; verified?: boolean; counter?: number; rpId?: string; challenge?: string }

const sha256 = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest()

// CBOR (RFC 8949), as much as an attestation of format `none` has: short maps, texts, byte strings, small integers.
const head = (major: number, value: number): Buffer =>
  value < 24
    ? Buffer.from([(major << 5) | value])
    : value < 256
      ? Buffer.from([(major << 5) | 24, value])
      : Buffer.from([(major << 5) | 25, value >> 8, value & 255])
type Cbor = number | string | Buffer | readonly (readonly [number | string, Cbor])[]
const encode = (value: Cbor): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.length), ...value.flatMap(([key, inner]) => [encode(key), encode(inner)])])
}

// COSE key (RFC 9052, RFC 9053): EC2, ES256, P-256, x, y.
const coseOf = (publicKey: KeyObject): Buffer => {
  const { x, y } = publicKey.export({ format: 'jwk' })
  return encode([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x!, 'base64url')],
    [-3, Buffer.from(y!, 'base64url')],
  ])
}

/** An authenticator in software (WebAuthn level 3, 6): makes and shows one passkey, honestly or not. `synced`: it says that copies exist. */
export const openAuthenticator = ({ origin, synced = false }: { origin: string; synced?: boolean }) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  let userHandle = ''
  let counter = 0

  const clientData = (type: string, challenge: string, lie: Lie): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge: lie.challenge ?? challenge, origin: lie.origin ?? origin, crossOrigin: false }))

  const authenticatorData = (rpId: string, lie: Lie, attested: Buffer | null): Buffer => {
    counter += 1
    const flags = 0x01 | (lie.verified === false ? 0 : 0x04) | (synced ? 0x18 : 0) | (attested ? 0x40 : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lie.counter ?? counter)
    return Buffer.concat([sha256(lie.rpId ?? rpId), Buffer.from([flags]), count, attested ?? Buffer.alloc(0)])
  }

  /** Returns what a browser sends after making the passkey. */
  const create = (options: CreationOptions, lie: Lie = {}) => {
    userHandle = options.user.id
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, credentialId.length]), credentialId, coseOf(publicKey)])
    const data = authenticatorData(options.rp.id, lie, attested)
    const attestationObject = encode([
      ['fmt', 'none'],
      ['attStmt', []],
      ['authData', data],
    ])
    const id = credentialId.toString('base64url')
    return {
      id,
      rawId: id,
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData('webauthn.create', options.challenge, lie).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        transports: ['internal'],
      },
    }
  }

  /** Returns what a browser sends after showing it. */
  const show = (options: RequestOptions, lie: Lie = {}) => {
    const client = clientData('webauthn.get', options.challenge, lie)
    const data = authenticatorData(options.rpId ?? 'localhost', lie, null)
    const id = credentialId.toString('base64url')
    return {
      id,
      rawId: id,
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', Buffer.concat([data, sha256(client)]), privateKey).toString('base64url'),
        userHandle,
      },
    }
  }
  return { create, show }
}
