let token: string | null = null

/** Returns the token of the set-up link and takes it out of the address, so that it stays in no history; null without a link. */
export const setupToken = (): string | null => {
  const url = new URL(window.location.href)
  const given = url.searchParams.get('token')
  if (given) {
    token = given
    url.searchParams.delete('token')
    window.history.replaceState(window.history.state, '', url)
  }
  return token
}
