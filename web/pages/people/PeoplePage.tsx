import { Button, Input, Pagination, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useDirectory } from '../../app/directory.ts'
import { type Person, useDeviations, usePeople, useRoleName, useRoles } from '../../app/people.ts'
import { useDuty, useScope } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useTyped } from '../../ui/useTyped.ts'
import { AddPersonDialog } from './AddPersonDialog.tsx'
import { DeviationsCard } from './DeviationsCard.tsx'
import './people.css'
import { PeopleTable } from './PeopleTable.tsx'
import { countStates, narrowPeople, type PeopleFilter, soughtText } from './personState.ts'
import { usePeopleFilter, useSpelling } from './usePeopleFilter.ts'
import { useToday } from './useToday.ts'

const pageSize = 50
const tabs = ['here', 'working', 'leaving', 'joining', 'suspended', 'lent', 'left', 'all'] as const

// As an address book has it; the browser knows how Han is read.
const byName = (a: Person, b: Person): number => (a.name ?? a.login).localeCompare(b.name ?? b.login, 'zh-CN')

const StateTabs = ({
  people,
  state,
  onChoose,
}: {
  people: readonly Person[]
  state: PeopleFilter['state']
  onChoose: (state: PeopleFilter['state']) => void
}) => {
  const { t } = useTranslation()
  const counts = countStates(people, useToday())
  // What nobody is in is not offered; who is on the staff, and everybody, always are.
  const shown = tabs.filter(
    (tab) => tab === 'here' || tab === state || (counts[tab] > 0 && (tab !== 'working' || counts.working < counts.here)),
  )
  return (
    <nav className='views' aria-label={t('people.states')}>
      <ul>
        {shown.map((tab) => (
          <li key={tab}>
            <button type='button' className='view-tab' aria-current={tab === state ? 'true' : undefined} onClick={() => onChoose(tab)}>
              {t(`stateTabs.${tab}`)} <span className='faint'>{counts[tab]}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Listed = ({ people, onAdd }: { people: readonly Person[]; onAdd: (() => void) | null }) => {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [page, setPage] = useState(1)
  const { filter, change } = usePeopleFilter()
  const stores = useDirectory('store')
  const roles = useRoles()
  const roleName = useRoleName()
  const { settled, composition } = useTyped(text)
  const spell = useSpelling(settled)
  const today = useToday()
  const narrow = (over: Parameters<typeof change>[0]): void => {
    change(over)
    setPage(1)
  }
  const found = useMemo(
    () => narrowPeople(people, { ...filter, text: settled }, today, (person) => soughtText(person, spell)).toSorted(byName),
    // oxlint-disable-next-line react/exhaustive-deps -- the filter is made anew each time; what it says is what counts
    [people, today, filter.store, filter.role, filter.state, settled, spell],
  )
  const isNarrowed = settled !== '' || filter.store !== null || filter.role !== null
  const clear = (): void => {
    setText('')
    narrow({ store: null, role: null, state: 'here' })
  }
  if (people.length === 1)
    return (
      <div className='stack'>
        <div className='card'>
          <Empty
            icon='staff'
            title={t('people.only.title')}
            actions={
              onAdd ? (
                <Button type='primary' onClick={onAdd}>
                  {t('people.add')}
                </Button>
              ) : null
            }
          >
            {t('people.only.advice')}
          </Empty>
        </div>
        <PeopleTable people={people} />
      </div>
    )
  return (
    <>
      <StateTabs people={people} state={filter.state} onChoose={(state) => narrow({ state })} />
      <search className='filters' data-open='true'>
        <Input
          className='search-box'
          type='search'
          allowClear
          prefix={<Icon name='search' size={16} />}
          placeholder={t('people.search')}
          aria-label={t('people.search')}
          value={text}
          maxLength={60}
          autoComplete='off'
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value)
            setPage(1)
          }}
          {...composition}
        />
        {stores.options.length > 1 ? (
          <Select
            className='pick-filter'
            aria-label={t('people.anyStore')}
            placeholder={t('people.anyStore')}
            allowClear
            showSearch={stores.options.length > 6 ? { optionFilterProp: 'label' } : false}
            value={filter.store}
            options={stores.options}
            onChange={(store: string | undefined) => narrow({ store: store ?? null })}
          />
        ) : null}
        <Select
          className='pick-filter'
          aria-label={t('people.anyRole')}
          placeholder={t('people.anyRole')}
          allowClear
          value={filter.role}
          options={(roles.data ?? []).map(({ id }) => ({ value: id, label: roleName(id) }))}
          onChange={(role: string | undefined) => narrow({ role: role ?? null })}
        />
        {isNarrowed ? (
          <button type='button' className='chip bare tall' onClick={clear}>
            <Icon name='close' size={13} />
            {t('clearFilters')}
          </button>
        ) : null}
        <span className='found faint small' role='status'>
          {t('people.shown', { count: found.length })}
        </span>
      </search>
      {found.length === 0 ? (
        <div className='card'>
          <Empty icon='search' title={t('people.nothing.title')} actions={<Button onClick={clear}>{t('clearFilters')}</Button>}>
            {t('people.nothing.advice')}
          </Empty>
        </div>
      ) : (
        <PeopleTable people={found.slice((page - 1) * pageSize, page * pageSize)} />
      )}
      {found.length > pageSize ? (
        <div className='pager'>
          <span />
          <Pagination
            current={page}
            pageSize={pageSize}
            total={found.length}
            showSizeChanger={false}
            responsive
            showLessItems
            onChange={(next) => {
              setPage(next)
              window.scrollTo({ top: 0 })
            }}
          />
        </div>
      ) : null}
    </>
  )
}

/** Everybody who works here: what they hold, how they stand, when they were last active. */
export const PeoplePage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const { data, error, refetch } = usePeople()
  const mayHire = (useScope('staff').actions.create ?? { kind: 'none' }).kind !== 'none'
  const [grants, audits] = [useDuty('access.manage'), useDuty('audit.read')]
  const overdue = useDeviations(grants || audits).data?.filter((one) => one.overdue).length ?? 0
  return (
    <Page
      title={t('nav.people')}
      sub={mayHire || grants ? t('people.sub') : `${t('people.sub')} ${t('people.readOnly')}`}
      actions={
        <>
          <Button onClick={() => void navigate('/roles')}>{t('people.roles')}</Button>
          {mayHire ? (
            <Button type='primary' onClick={() => setAdding(true)} icon={<Icon name='plus' size={16} />}>
              {t('people.add')}
            </Button>
          ) : null}
        </>
      }
    >
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {data && overdue > 0 ? (
        <p className='note lost'>
          <Icon name='warn' size={16} />
          {t('separation.asks', { count: overdue })} <a href='#separation'>{t('separation.see')}</a>
        </p>
      ) : null}
      {data ? (
        <Listed people={data.filter(({ kind }) => kind !== 'service')} onAdd={mayHire ? () => setAdding(true) : null} />
      ) : error ? null : (
        <div className='card'>
          <Bones widths={[60, 80, 70, 75, 50]} />
        </div>
      )}
      {data && (grants || audits) ? <DeviationsCard people={data} /> : null}
      {adding ? <AddPersonDialog onClose={() => setAdding(false)} /> : null}
    </Page>
  )
}
