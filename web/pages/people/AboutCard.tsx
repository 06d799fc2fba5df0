import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, fieldProblems } from '../../app/apiError.ts'
import { peopleKey, type Person } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useActor, useScope } from '../../app/session.ts'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { useAgo } from '../../ui/formatTime.ts'
import { say } from '../../ui/toast.tsx'
import { Trouble } from '../../ui/Trouble.tsx'
import { KeeperNote } from './KeeperNote.tsx'
import { useToday } from './useToday.ts'

type Patch = { name?: string; joinsOn?: string | null; leavesOn?: string | null }

const Form = ({ person, name, onDone }: { person: Person; name: string; onDone: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const isMe = useActor().staffId === person.id
  const [given, setGiven] = useState({ name: person.name ?? '', joinsOn: person.joinsOn ?? '', leavesOn: person.leavesOn ?? '' })
  const today = useToday()
  const patch: Patch = {
    ...(given.name.trim() === (person.name ?? '') ? {} : { name: given.name.trim() }),
    ...(given.joinsOn === (person.joinsOn ?? '') ? {} : { joinsOn: given.joinsOn || null }),
    ...(given.leavesOn === (person.leavesOn ?? '') ? {} : { leavesOn: given.leavesOn || null }),
  }
  const save = useMutation({
    mutationFn: () => request('PATCH', `/api/people/${person.id}`, { body: { version: person.version, ...patch } }),
    onSuccess: () => {
      say(t('person.saved'))
      onDone()
    },
    onSettled: () => {
      for (const queryKey of [peopleKey, ['directory', 'staff']]) void client.invalidateQueries({ queryKey })
    },
    gcTime: 0,
  })
  const problems = fieldProblems(save.error)
  const problemOf = (field: string): string | null => {
    const problem = problems.find((one) => one.field === field)?.problem
    if (problem === undefined) return null
    return field === 'leavesOn'
      ? t('person.badDays')
      : t(`problems.${problem}` as 'problems.required', { defaultValue: t('problems.other') })
  }
  const isStale = save.error instanceof ApiError && save.error.code === 'version_conflict'
  return (
    <form
      className='stack'
      onSubmit={(event) => {
        event.preventDefault()
        if (Object.keys(patch).length === 0) onDone()
        else save.mutate()
      }}
    >
      {isStale ? (
        <Trouble tone='warn' title={t('errors.version_conflict.title')}>
          {t('person.stale')}
        </Trouble>
      ) : save.isError && problems.length === 0 ? (
        <KeeperNote error={save.error} name={name} />
      ) : null}
      <Field label={t('person.name')} problem={problemOf('name')}>
        {(ties) => (
          <Input
            {...ties}
            autoFocus
            value={given.name}
            maxLength={60}
            onChange={(event) => setGiven({ ...given, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('person.firstDay')} problem={problemOf('joinsOn')}>
        {(ties) => (
          <Input {...ties} type='date' value={given.joinsOn} onChange={(event) => setGiven({ ...given, joinsOn: event.target.value })} />
        )}
      </Field>
      <Field label={t('person.lastDay')} hint={isMe ? t('person.ownDay') : t('person.lastDayHint')} problem={problemOf('leavesOn')}>
        {(ties) => (
          <Input
            {...ties}
            type='date'
            disabled={isMe}
            value={given.leavesOn}
            onChange={(event) => setGiven({ ...given, leavesOn: event.target.value })}
          />
        )}
      </Field>
      {given.leavesOn !== '' && given.leavesOn !== person.leavesOn ? (
        <Trouble tone='warn' title={given.leavesOn < today ? t('person.lastDayPast') : t('person.lastDaySoon', { day: given.leavesOn })}>
          {t('person.lastDayWhat')}
        </Trouble>
      ) : null}
      <div className='row'>
        <Button type='primary' htmlType='submit' loading={save.isPending} disabled={given.name.trim() === ''}>
          {t('person.save')}
        </Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  )
}

/** Who somebody is and how long they work here; a last day says what happens on it. */
export const AboutCard = ({ person, name }: { person: Person; name: string }) => {
  const { t } = useTranslation()
  const ago = useAgo()
  const [editing, setEditing] = useState(false)
  const mayChange = (useScope('staff').actions.update ?? { kind: 'none' }).kind !== 'none'
  return (
    <Card
      title={t('person.about')}
      aside={
        mayChange && !editing ? (
          <Button size='small' onClick={() => setEditing(true)}>
            {t('person.change')}
          </Button>
        ) : undefined
      }
    >
      {editing ? (
        <Form key={person.version} person={person} name={name} onDone={() => setEditing(false)} />
      ) : (
        <dl className='facts'>
          <dt>{t('person.login')}</dt>
          <dd className='mono'>{person.login}</dd>
          <dt>{t('person.firstDay')}</dt>
          <dd className={person.joinsOn ? '' : 'faint'}>{person.joinsOn ?? t('person.noDay')}</dd>
          <dt>{t('person.lastDay')}</dt>
          <dd className={person.leavesOn ? '' : 'faint'}>{person.leavesOn ?? t('person.noLastDay')}</dd>
          <dt>{t('person.lastAct')}</dt>
          <dd>{ago(person.lastAct)}</dd>
        </dl>
      )}
    </Card>
  )
}
