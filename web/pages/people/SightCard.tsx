import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import type { ClientRight } from '../../../domain/policy/fieldRights.ts'
import type { Person } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { dutyKey } from '../roles/dutyKey.ts'
import { stateOf } from './personState.ts'
import { SightMatrix } from './SightMatrix.tsx'
import { useToday } from './useToday.ts'

/** What somebody could see and do (`GET /api/people/:id/sight`). `inSight`: customers that exist for them; `open`: whose contact details stand open. */
export type Sight = {
  entities: { entity: string; actions: string[]; fields: Record<string, ClientRight> }[]
  duties: string[]
  revealsPerDay: number
  opensPerHour: number
  inSight: number
  open: number
  sample: { id: string; name: string | null; open: string[]; masked: string[] }[]
}

/** Returns what somebody sees and may do as sentences, the weightiest first. */
const useSentences = (): ((sight: Sight) => string[]) => {
  const { t } = useTranslation()
  return ({ entities, duties, inSight, open, revealsPerDay }) => {
    const customers = entities.find(({ entity }) => entity === 'customer')
    const phones = customers?.fields['phones']
    const rest = inSight - open
    const masked =
      rest === 0
        ? []
        : phones && phones.reveal !== 'nowhere' && revealsPerDay > 0
          ? [t('sight.restReveal', { rest, count: revealsPerDay })]
          : [t('sight.restHidden', { count: rest })]
    const uses = Object.values(customers?.fields ?? {}).some((right) => right.uses.length > 0)
    const acts = (customers?.actions ?? []).filter((act) => act !== 'export')
    const about = customers
      ? [
          t('sight.names', { count: inSight }),
          ...(inSight === 0 ? [] : [open === 0 ? t('sight.noneOpen') : rest === 0 ? t('sight.allOpen') : t('sight.open', { count: open })]),
          ...masked,
          ...(uses ? [t('sight.uses')] : []),
          acts.length > 0
            ? t('sight.acts', { acts: acts.map((act) => t(`rights.${act}` as 'rights.create')).join(t('listComma')) })
            : t('sight.noActs'),
          t(customers.actions.includes('export') ? 'sight.exports' : 'sight.noExport'),
        ]
      : [t('sight.noCustomers')]
    const titles = duties.map((duty) => t(`duties.${dutyKey(duty)}.title` as 'duties.calls_take.title', { defaultValue: duty }))
    return [...about, ...(titles.length > 0 ? [t('sight.duties', { duties: titles.join(t('listComma')) })] : [])]
  }
}

const fieldsShown = ['phones', 'wechatIds', 'addresses', 'tags', 'notes'] as const

const Sample = ({ sight }: { sight: Sight }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  if (sight.sample.length === 0) return sight.inSight > 0 ? <p className='small quiet'>{t('sight.sampleNone')}</p> : null
  return (
    <div>
      <h3 className='part'>{t('sight.sample')}</h3>
      <ul className='samples'>
        {sight.sample.map(({ id, name, open, masked }) => (
          <li key={id}>
            {name === null ? t('sight.unnamed') : <Link to={`/customers/${id}`}>{name}</Link>}
            <span className='chips'>
              {fieldsShown
                .filter((field) => open.includes(field) || masked.includes(field))
                .map((field) => {
                  const isOpen = open.includes(field)
                  return (
                    <span key={field} className='tag' data-tone={isOpen ? 'ok' : undefined}>
                      <Icon name={isOpen ? 'eye' : 'lock'} size={12} /> {labelOf(customer.fields[field])}
                      <span className='unseen'>{t(isOpen ? 'sight.open' : 'sight.masked')}</span>
                    </span>
                  )
                })}
            </span>
          </li>
        ))}
      </ul>
      <p className='small faint legend'>
        <Icon name='eye' size={12} /> {t('sight.open')} <Icon name='lock' size={12} /> {t('sight.masked')}
      </p>
    </div>
  )
}

/** 'What can this person see?' Asked by a click, since the look is recorded: in sentences and numbers, by example, and then in full. */
export const SightCard = ({ person }: { person: Person }) => {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const sentences = useSentences()
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['sight', person.id],
    queryFn: ({ signal }) => request<Sight>('GET', `/api/people/${person.id}/sight`, { signal }),
    enabled: asked,
    staleTime: 60_000,
    gcTime: 0,
  })
  const state = stateOf(person, useToday())
  return (
    <Card
      title={t('sight.title')}
      aside={
        data ? (
          <Button size='small' loading={isFetching} onClick={() => void refetch()}>
            {t('sight.again')}
          </Button>
        ) : undefined
      }
    >
      <div className='stack'>
        {asked ? null : (
          <div className='row apart'>
            <p className='quiet grow'>{t('sight.what')}</p>
            <Button type='primary' icon={<Icon name='eye' size={16} />} onClick={() => setAsked(true)}>
              {t('sight.act')}
            </Button>
          </div>
        )}
        {error ? (
          <ErrorNote error={error}>
            <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
          </ErrorNote>
        ) : null}
        {asked && !data && !error ? <Bones widths={[80, 60, 70]} /> : null}
        {data ? (
          <>
            {state === 'working' || state === 'leaving' ? null : <Trouble tone='info' title={t('sight.cannotAct')} />}
            <ul className='says'>
              {sentences(data).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <Sample sight={data} />
            <details>
              <summary>{t('sight.matrix')}</summary>
              <p className='small quiet'>{t('sight.matrixWhat')}</p>
              <SightMatrix sight={data} />
            </details>
          </>
        ) : null}
      </div>
    </Card>
  )
}
