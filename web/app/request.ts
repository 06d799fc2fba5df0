import type { ErrorCode, ErrorDetails } from '../../domain/errors.ts'
import { ApiError } from './apiError.ts'

const positionHeader = 'X-Anechoic-Position'
const positionKey = 'anechoic.position'

let csrfToken: string | null = null
let onSignedOut: () => void = () => {}

/** Remembers the token that writes carry; null after signing out. */
export const rememberCsrfToken = (token: string | null): void => {
  csrfToken = token
}

/** Calls `act` whenever the server says that there is no session any more. */
export const whenSignedOut = (act: () => void): void => {
  onSignedOut = act
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

/** Asks the server and returns the answer's JSON (null for an empty one). Throws `ApiError`; an aborted request throws the signal's reason. */
export const request = async <T>(method: string, path: string, options: RequestOptions = {}): Promise<T> => {
  const response = await send(method, path, options)
  notePosition(response)
  if (response.ok) return (response.status === 204 ? null : await response.json().catch(() => null)) as T
  const error = await refusal(response)
  if ((error.code === 'not_signed_in' || error.code === 'locked') && !options.quiet) onSignedOut()
  throw error
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
        if (error.code === 'not_signed_in') onSignedOut()
        throw error
      }
      resolve(answer())
    })
    sent.send(file)
  })

/** Asks the server for a file and returns its bytes. Throws `ApiError`. */
export const requestFile = async (path: string): Promise<Blob> => {
  const response = await send('GET', path, {})
  if (!response.ok) throw await refusal(response)
  return response.blob()
}

/** Sends something for a file, and returns its bytes with the name that the server gives it. Throws `ApiError`. */
export const postForFile = async (path: string, body: unknown): Promise<{ bytes: Blob; name: string }> => {
  const response = await send('POST', path, { body })
  if (!response.ok) throw await refusal(response)
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'file'
  return { bytes: await response.blob(), name: decodeURIComponent(name) }
}
