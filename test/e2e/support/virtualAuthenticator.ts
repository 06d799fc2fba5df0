import type { Page } from 'playwright-core'

/** A passkey as CDP hands it over. */
type Credential = { credentialId: string; isResidentCredential: boolean; privateKey: string; signCount: number }

/** A window's authenticator: `takeAway` as one does who loses the device; `held` and `take`: the same finger on two windows. */
export type Fingerprint = {
  readonly takeAway: () => Promise<void>
  readonly held: () => Promise<Credential[]>
  readonly take: (credentials: readonly Credential[]) => Promise<void>
}

/** Gives a window Chromium's virtual authenticator (CDP domain WebAuthn): a platform one with fingerprint, which says yes at once. */
export const giveFingerprint = async (page: Page): Promise<Fingerprint> => {
  const client = await page.context().newCDPSession(page)
  await client.send('WebAuthn.enable')
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    takeAway: async () => void (await client.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })),
    held: async () => (await client.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    take: async (credentials) => {
      for (const credential of credentials) await client.send('WebAuthn.addCredential', { authenticatorId, credential })
    },
  }
}
