import type { ErrorCode, ErrorDetails } from '../../domain/errors.ts'
import { ApiError, type ClientErrorCode } from './apiError.ts'
import type { Way } from './contract.ts'
import { isIdle } from './idle.ts'

const positionHeader = 'X-Anechoic-Position'
const positionKey = 'anechoic.position'

let csrfToken: string | null = null
type Hooks = {
  /** Lets the person show who they are; resolves to whether they did. */
  readonly stepUp: (ways: Way[]) => Promise<boolean>
  /** Asks for the running session anew; resolves to whether it still is the same person's. */
  readonly renew: () => Promise<boolean>
  /** Told of every refusal that a page did not ask to have for itself. */
  readonly refused: (code: ClientErrorCode) => void
}
let hooks: Hooks = { stepUp: async () => false, renew: async () => false, refused: () => {} }

/** Remembers the token that writes carry; null after signing out. */
export const rememberCsrfToken = (token: string | null): void => {
  csrfToken = token
}

/** Says what is done about refusals that concern the session rather than the page. */
export const whenRefused = (given: Hooks): void => {
  hooks = given
}

/** The highest audit position this tab has written: reads carry it, so that they never show the time before (read-your-own-writes). */
const seenPosition = (): string | null => sessionStorage.getItem(positionKey)

const notePosition = (response: Response): void => {
  const position = response.headers.get(positionHeader)
  if (position !== null && Number(position) > Number(seenPosition() ?? '0')) sessionStorage.setItem(positionKey, position)
}

type Problem = { code?: ErrorCode; requestId?: string; details?: ErrorDetails; current?: unknown; detail?: string }

const refusal = async (response: Response): Promise<ApiError> => {
  const problem = (await response.json().catch(() => ({}))) as Problem
  const code = problem.code ?? (response.status === 404 ? 'not_found' : response.status === 429 ? 'throttled' : 'internal')
  const retryAfter = response.headers.get('Retry-After')
  const details = { ...problem.details, ...(retryAfter === null ? {} : { retryAfter: Number(retryAfter) }) }
  const current = problem.current ?? (problem.details as { current?: unknown } | undefined)?.current
  return new ApiError(code, response.status, problem.requestId ?? response.headers.get('X-Request-Id'), details, current)
}

/** What a request may carry. `body` is sent as JSON, `bytes` as they are. */
export type RequestOptions = { body?: unknown; bytes?: Blob; signal?: AbortSignal | undefined; quiet?: boolean }

const send = async (method: string, path: string, options: RequestOptions): Promise<Response> => {
  const headers = new Headers({ Accept: 'application/json' })
  const position = seenPosition()
  if (position !== null) headers.set(positionHeader, position)
  if (method !== 'GET' && csrfToken !== null) headers.set('X-CSRF-Token', csrfToken)
  // Pages ask on by themselves; that must not keep a session open that nobody sits at.
  if (isIdle()) headers.set('X-Anechoic-Idle', '1')
  if (options.bytes) headers.set('Content-Type', 'application/octet-stream')
  else if (options.body !== undefined) headers.set('Content-Type', 'application/json')
  const body = options.bytes ?? (options.body === undefined ? null : JSON.stringify(options.body))
  try {
    return await fetch(path, { method, headers, body, credentials: 'same-origin', cache: 'no-store', signal: options.signal ?? null })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw new ApiError('offline', 0, null)
  }
}

/** Sends a request; what stands in its way and can be cleared by the person is cleared here, for every page, and the request is sent once more. */
const perform = async (method: string, path: string, options: RequestOptions, again = true): Promise<Response> => {
  const response = await send(method, path, options)
  if (response.ok) return response
  const error = await refusal(response)
  if (options.quiet) throw error
  if (again && error.code === 'step_up_required' && (await hooks.stepUp((error.details['methods'] ?? []) as Way[])))
    return perform(method, path, options, false)
  // Unlocked in another tab: the session has a new token there.
  if (again && error.code === 'csrf' && (await hooks.renew())) return perform(method, path, options, false)
  hooks.refused(error.code)
  throw error
}

/** Asks the server and returns the answer's JSON (null for an empty one). Throws `ApiError`; an aborted request throws the signal's reason. */
export const request = async <T>(method: string, path: string, options: RequestOptions = {}): Promise<T> => {
  const response = await perform(method, path, options)
  notePosition(response)
  return (response.status === 204 ? null : await response.json().catch(() => null)) as T
}

/**
 * Sends a file and returns the answer's JSON, telling on the way which share of it is sent (0 to 1): fetch cannot tell. Throws `ApiError`.
 */
export const upload = <T>(path: string, file: Blob, onProgress: (share: number) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest()
    sent.open('POST', path)
    sent.setRequestHeader('Accept', 'application/json')
    sent.setRequestHeader('Content-Type', 'application/octet-stream')
    if (csrfToken !== null) sent.setRequestHeader('X-CSRF-Token', csrfToken)
    sent.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total))
    sent.addEventListener('error', () => reject(new ApiError('offline', 0, null)))
    sent.addEventListener('load', () => {
      const requestId = sent.getResponseHeader('X-Request-Id')
      const response = new Response(sent.responseText, {
        status: sent.status,
        ...(requestId ? { headers: { 'X-Request-Id': requestId } } : {}),
      })
      const answer = async (): Promise<T> => {
        if (response.ok) return (await response.json()) as T
        const error = await refusal(response)
        hooks.refused(error.code)
        throw error
      }
      resolve(answer())
    })
    sent.send(file)
  })

/** Asks the server for a file and returns its bytes. Throws `ApiError`. */
export const requestFile = async (path: string): Promise<Blob> => {
  const response = await perform('GET', path, {})
  return response.blob()
}

/** Sends something for a file, and returns its bytes with the name that the server gives it. Throws `ApiError`. */
export const postForFile = async (path: string, body: unknown): Promise<{ bytes: Blob; name: string }> => {
  const response = await send('POST', path, { body })
  if (!response.ok) throw await refusal(response)
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'file'
  return { bytes: await response.blob(), name: decodeURIComponent(name) }
}
