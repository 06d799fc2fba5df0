import type { Page } from 'playwright-core'

/**
 * Gives a window Chromium's virtual authenticator (CDP domain WebAuthn): a platform one with fingerprint, which says yes at once. Returns how to take it
 * away, as one does who loses the device.
 */
export const giveFingerprint = async (
  page: Page,
  { synced = false } = {},
): Promise<{ takeAway: () => Promise<void>; refuse: (refusing: boolean) => Promise<void> }> => {
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
      defaultBackupEligibility: synced,
      defaultBackupState: synced,
    },
  })
  return {
    takeAway: async () => void (await client.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })),
    refuse: async (refusing) => void (await client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: !refusing })),
  }
}
