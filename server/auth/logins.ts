import { AppError } from '../../domain/errors.ts'
import type { Queryable } from '../store/database.ts'

// Letters of other scripts that look like Latin ones, invisible characters and marks have no place in a name that somebody is known by (UTS 39).
const form = /^[A-Za-z0-9._@\p{Script=Han}-]+$/u

// What one cannot tell apart in most typefaces: 1 l I i |, 0 O o; `rn` reads as `m`, `vv` as `w`.
const twins: readonly (readonly [RegExp, string])[] = [
  [/[1li]/g, '1'],
  [/[0o]/g, '0'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
]

/** Returns what a login looks like, whatever it is: two logins with the same skeleton are twins (UTS 39, 4: confusable detection). */
export const loginSkeleton = (login: string): string =>
  twins.reduce((text, [look, same]) => text.replace(look, same), login.normalize('NFKC').toLowerCase())

/** Throws `input_invalid` for a login of other characters than ASCII letters, digits, `.`, `_`, `-`, `@` and Han. */
export const checkLoginForm = (login: string): void => {
  if (!form.test(login)) throw new AppError('input_invalid', { problems: [{ field: 'login', problem: 'bad_characters' }] })
}

/** Throws as `checkLoginForm`, and `input_invalid` (`looks_taken`) for the twin of a login there is; the same login is the caller's unique index's business. */
export const checkNewLogin = async (client: Queryable, login: string): Promise<void> => {
  checkLoginForm(login)
  const { rows } = await client.query<{ login: string }>('select login from staff where lower(login) <> lower($1)', [login])
  const skeleton = loginSkeleton(login)
  if (rows.some((row) => loginSkeleton(row.login) === skeleton))
    throw new AppError('input_invalid', { problems: [{ field: 'login', problem: 'looks_taken' }] })
}
