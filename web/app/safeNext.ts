/** Only a path of this site: an address from outside must not become where sign-in leads. Returns `/` for any other. */
export const safeNext = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : '/')
