import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { DeviationReason } from '../../../domain/policy/separation.ts'
import { ApiError } from '../../app/apiError.ts'
import type { Person, RoleInfo } from '../../app/people.ts'
import { leavingSaved, useUnsavedGuard } from '../../catalogue/useUnsavedGuard.tsx'
import { Card } from '../../ui/Card.tsx'
import { say } from '../../ui/toast.tsx'
import { Trouble } from '../../ui/Trouble.tsx'
import { KeeperNote } from '../people/KeeperNote.tsx'
import { refusedKinds, SeparationNote } from '../people/SeparationNote.tsx'
import { compareRoles } from './compareRoles.ts'
import { DifferenceCard } from './DifferenceList.tsx'
import { HoldersCard } from './HoldersCard.tsx'
import { holdersOf } from './holdersOf.ts'
import { RoleForm } from './RoleForm.tsx'
import { RoleSummary } from './RoleSummary.tsx'
import { type RoleDraft, useRoleProblems, useSaveRole } from './useSaveRole.ts'
import { useNow } from '../../ui/useNow.ts'

type RoleEditorProps = {
  /** Null: a new one. */
  info: (RoleInfo & { name: string; version: number }) | null
  /** Where a new one starts from, and under which name. */
  start: RoleDraft
  /** The role it was copied from. */
  from: string | null
  roles: readonly RoleInfo[]
  people: readonly Person[]
  stores: readonly { id: string; region?: unknown }[]
}

const isSame = (a: RoleDraft, b: RoleDraft): boolean => a.name.trim() === b.name.trim() && compareRoles(a.role, b.role).length === 0

/** Defines or changes a role of the dealer's own, and shows in passing what it comes to: in plain words, beside another role, and for whoever has it. */
export const RoleEditor = ({ info, start, from, roles, people, stores }: RoleEditorProps) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  // What the draft began from: a change by somebody else meanwhile must not take it away.
  const [basis, setBasis] = useState<RoleDraft & { version: number }>({ ...start, version: info?.version ?? 0 })
  const [draft, setDraft] = useState<RoleDraft>(start)
  const [reason, setReason] = useState<DeviationReason | null>(null)
  const isDirty = !isSame(basis, draft)
  const save = useSaveRole((saved, kept) => {
    if (info === null) {
      say(t('roles.created'))
      void navigate(`/roles/${saved.id}`, { replace: true, state: leavingSaved })
      return
    }
    say(t('roles.saved'))
    setBasis({ ...kept, version: saved.version })
    setReason(null)
  })
  const problems = useRoleProblems(draft, save.error)
  const now = useNow()
  const holders = useMemo(
    () => (info === null ? [] : holdersOf(info.id, draft.role, { people, roles, stores }, new Date(now).toISOString())),
    [info, draft.role, people, roles, stores, now],
  )
  const kinds = [...new Set([...holders.flatMap(({ fresh }) => fresh), ...refusedKinds(save.error)])]
  const isBehind = info !== null && info.version > basis.version && !save.isPending
  const adopt = (): void => {
    if (info === null) return
    setBasis(info)
    setDraft(info)
    save.reset()
  }
  if (isBehind && !isDirty) adopt()
  const guard = useUnsavedGuard(isDirty && !save.isSuccess)
  const isTold =
    problems.size > 0 || refusedKinds(save.error).length > 0 || (save.error instanceof ApiError && save.error.code === 'version_conflict')
  const change = (over: Partial<RoleDraft>): void => {
    setDraft({ ...draft, ...over })
    if (save.isError || save.isSuccess) save.reset()
  }
  return (
    <div className='detail role-detail'>
      <div className='stack'>
        <RoleForm
          name={draft.name}
          role={draft.role}
          problems={problems}
          onName={(name) => change({ name })}
          onChange={(role) => change({ role })}
        />
      </div>
      <div className='stack aside'>
        <Card title={t('roles.does')}>
          <RoleSummary role={draft.role} />
        </Card>
        <DifferenceCard role={draft.role} from={from} others={roles.filter(({ id }) => id !== info?.id)} />
        {info ? <HoldersCard holders={holders} changed={isDirty} /> : null}
      </div>
      <div className='role-foot'>
        {isBehind && isDirty ? (
          <Trouble tone='warn' title={t('roles.stale')}>
            {t('roles.staleWhat')}
            <div className='row' style={{ marginTop: 8 }}>
              <Button onClick={adopt}>{t('roles.takeTheirs')}</Button>
              <Button onClick={() => setBasis({ ...basis, version: info.version })}>{t('roles.keepMine')}</Button>
            </div>
          </Trouble>
        ) : null}
        <SeparationNote kinds={kinds} reason={reason} onReason={setReason} />
        {save.isError && !isTold ? <KeeperNote error={save.error} name={draft.name} /> : null}
        <div className='row'>
          <Button
            type='primary'
            loading={save.isPending}
            disabled={(!isDirty && info !== null) || isBehind || draft.name.trim() === '' || (kinds.length > 0 && reason === null)}
            onClick={() => save.mutate({ id: info?.id ?? null, version: basis.version, draft, accepts: kinds.length > 0 ? reason : null })}
          >
            {t(info ? 'roles.save' : 'roles.create')}
          </Button>
          {isDirty && info ? <span className='small quiet'>{t('roles.unsaved')}</span> : null}
          {problems.size > 0 && save.isError ? <span className='wrong small'>{t('errors.input_invalid.title')}</span> : null}
        </div>
      </div>
      {guard}
    </div>
  )
}
