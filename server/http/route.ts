import type { Readable } from 'node:stream'
import type { Static, TSchema } from 'typebox'
import type { EntityName } from '../../domain/catalogue/all.ts'
import type { Entity, Row, View } from '../../domain/catalogue/entity.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import type { Action, Duty } from '../../domain/policy/role.ts'
import type { Page } from '../actions/records/page.ts'
import type { Session } from '../auth/session.ts'

/**
 * What a caller must have. `public`: nothing; `setup`: the one-time set-up link, the local socket, or the duty to manage keys; `local`: the local
 * socket; `session`: being signed in; an entity: rows of it exist for the actor (and the action is granted); a duty: a role that carries it, or one of several.
 */
export type Need =
  | 'public'
  | 'setup'
  | 'local'
  | 'session'
  | { readonly entity: EntityName; readonly action?: Action }
  | { readonly duty: Duty }
  | { readonly anyDuty: readonly Duty[] }

/** A body that is not JSON: its bytes go through `stream`. */
export type Download = { readonly contentType: string; readonly fileName: string; readonly content: Readable | string | Uint8Array }

/** What a route sends: a view, a page of views, a declared shape (its schema also writes it: keys it does not name are not sent), a file, nothing. */
export type AnswerKind = 'view' | 'views' | 'page' | 'download' | 'none' | TSchema

type StoredKey = Extract<keyof Row<Entity>, symbol>
type Unstored<T> = T extends readonly (infer U)[]
  ? Unstored<U>[]
  : T extends object
    ? { [K in keyof T]: Unstored<T[K]> } & { readonly [K in StoredKey]?: never }
    : T

/** The type a handler must return for its answer kind. A stored `Row` fits none of them. */
export type Sent<A extends AnswerKind> = A extends 'view'
  ? View<Entity>
  : A extends 'views'
    ? { items: View<Entity>[] }
    : A extends 'page'
      ? Page
      : A extends 'download'
        ? Download
        : A extends 'none'
          ? void
          : A extends TSchema
            ? Unstored<Static<A>>
            : never

type Body<B> = B extends undefined
  ? undefined
  : B extends 'stream'
    ? AsyncIterable<Uint8Array>
    : B extends 'catalogue'
      ? Record<string, unknown>
      : B extends TSchema
        ? Static<B>
        : never

/** What a handler gets: who asks, what policy decided, the checked input; no pool, no keys. */
export type Asked<N extends Need = Need, B = unknown> = {
  readonly actor: N extends 'public' | 'setup' | 'local' ? Actor | null : Actor
  readonly session: N extends 'public' | 'setup' | 'local' ? Session | null : Session
  readonly scope: N extends { entity: EntityName } ? Scope : null
  readonly body: Body<B>
  readonly query: URLSearchParams
  readonly params: Readonly<Record<string, string>>
  readonly requestId: string
  /** Network address of the caller; null on the local socket. */
  readonly address: string | null
  /** Whether the request came over the data folder's own socket, which only the installation's own user can open. */
  readonly local: boolean
  /** Highest position the client has seen (`X-Anechoic-Position`); reads wait for it. */
  readonly position: bigint
  /** What the caller's program calls itself. */
  readonly userAgent: string | undefined
  readonly cookies: Readonly<Record<string, string | undefined>>
  /** Aborts when the caller hangs up before the answer, as a browser does with a question that the next keystroke made idle. */
  readonly signal: AbortSignal
  /** Tells the client the position of what was written. */
  readonly wrote: (position: bigint | number | string) => void
  readonly setCookie: (cookie: { name: string; value: string; maxAge: number }) => void
}

/** A route as declared. `phases` says when it exists; default is only when the server is ready. */
export type Route<N extends Need = Need, A extends AnswerKind = AnswerKind, B = unknown> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: `/${string}`
  readonly need: N
  readonly answer: A
  readonly status?: 200 | 201 | 202
  /** A TypeBox schema; `catalogue`: a JSON object that the handler checks with `checkInput`; `stream`: bytes as they come in, `bodyLimit` at most. Absent: no body is accepted. */
  readonly body?: B
  readonly bodyLimit?: number
  /** Names of query parameters; others are refused. `filter[...]` is written `filter`. */
  readonly query?: readonly string[]
  readonly phases?: 'any' | 'setup' | 'sealed'
  /** The session must have shown its strongest factor within five minutes (DESIGN 6, step-up). */
  readonly fresh?: true
  /** With the need `session`: also for a program that asks by a token. Routes of other needs are for whoever holds what they need. */
  readonly programs?: true
  /** Also for a session that is locked, or that owes a password or a second factor before anything else. */
  readonly admits?: readonly ('locked' | 'owing')[]
  /** One line for OpenAPI. */
  readonly summary: string
  readonly handle: (asked: Asked<N, B>) => Promise<Sent<A>>
}

/** A route whose types were checked where it was declared and are forgotten here, so that routes of all kinds fit one list. */
export type AnyRoute = Omit<Route, 'handle'> & { readonly handle: (asked: Asked) => Promise<unknown> }

/** Declares a route: the only maker of what `mountRoutes` accepts. Its work is done by the compiler. */
export const route = <const N extends Need, const A extends AnswerKind, const B = undefined>(declared: Route<N, A, B>): AnyRoute =>
  declared as unknown as AnyRoute
