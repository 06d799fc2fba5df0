import { request } from './request.ts'

type Options = { options: never }

const browser = () => import('@simplewebauthn/browser')

/** Whether this browser can show passkeys at all: old ones, and those at a bare address, cannot. */
export const canUsePasskeys = (): boolean => typeof window.PublicKeyCredential === 'function'

/** Whether an error only says that the person closed the browser's own dialog, or let it time out. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')

/** Lets the person show a passkey, and returns what it says. `path` gives the options; `body` goes with the question. Throws `ApiError`, or as browsers do. */
export const showPasskey = async (path: string, body?: object): Promise<unknown> => {
  const { options } = await request<Options>('POST', path, { quiet: true, ...(body ? { body } : {}) })
  return (await browser()).startAuthentication({ optionsJSON: options })
}

/** Lets the person make a passkey, and returns what it says. Throws as `showPasskey`. */
export const makePasskey = async (path: string, body?: object): Promise<unknown> => {
  const { options } = await request<Options>('POST', path, body ? { body } : {})
  return (await browser()).startRegistration({ optionsJSON: options })
}
