/** What passkeys are bound to (WebAuthn level 3, relying party): the host name, and the origin that browsers say they are at. */
export type Site = { readonly id: string; readonly origin: string }

/** Returns the site of a server that people reach at this origin, which has a host name: browsers take no bare IP address as a place for a passkey. */
export const siteOf = (origin: string): Site => ({ id: new URL(origin).hostname, origin })
