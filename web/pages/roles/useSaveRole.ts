import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { readRole } from '../../../domain/policy/readRole.ts'
import type { Role } from '../../../domain/policy/role.ts'
import type { DeviationReason } from '../../../domain/policy/separation.ts'
import { ApiError, fieldProblems } from '../../app/apiError.ts'
import { peopleKey, rolesKey } from '../../app/people.ts'
import { request } from '../../app/request.ts'

export type RoleDraft = { name: string; role: Role }

/** A role as it was saved. */
type Saved = { id: string; version: number }

/** Returns the act of saving a role, new (`id` null) or over its version. What was listed before is asked anew, whatever came of it. */
export const useSaveRole = (onSaved: (saved: Saved, draft: RoleDraft) => void) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({
      id,
      version,
      draft,
      accepts,
    }: {
      id: string | null
      version: number
      draft: RoleDraft
      accepts: DeviationReason | null
    }) => {
      const body = { name: draft.name.trim(), role: draft.role, ...(accepts === null ? {} : { accepts }) }
      return id === null
        ? request<Saved>('POST', '/api/roles', { body })
        : request<Saved>('PUT', `/api/roles/${id}`, { body: { ...body, version } })
    },
    onSuccess: (saved, { draft }) => onSaved(saved, draft),
    onSettled: () => {
      for (const queryKey of [rolesKey, peopleKey, ['deviations']]) void client.invalidateQueries({ queryKey })
    },
    gcTime: 0,
  })
}

/** Returns what is wrong with a draft in words, by the path of the field: what is known here, and what the server refused. */
export const useRoleProblems = (draft: RoleDraft, error: unknown): Map<string, string> => {
  const { t } = useTranslation()
  const problems = new Map<string, string>()
  const words = (field: string, problem: string): string =>
    problem === 'too_wide' || problem === 'taken'
      ? t(problem === 'taken' ? 'roles.taken' : 'roles.tooWide')
      : field === 'revealsPerDay' || field === 'opensPerHour'
        ? t('problems.range')
        : t(`problems.${problem}` as 'problems.required', { defaultValue: t('problems.other') })
  for (const { field, problem } of [...readRole(draft.role).problems, ...fieldProblems(error)]) problems.set(field, words(field, problem))
  if (error instanceof ApiError && error.code === 'duplicate') problems.set('name', t('roles.nameTaken'))
  return problems
}
