import { Dropdown, Input, Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { builtInIds } from '../../../domain/preference/builtInViews.ts'
import { type SavedView, viewLimits } from '../../../domain/preference/savedView.ts'
import { Field } from '../../ui/Field.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { say } from '../../ui/toast.tsx'
import { useErrorWords } from '../../ui/Trouble.tsx'
import type { ListLook } from './useListView.ts'

type Naming = { title: string; name: string; keep: (name: string) => Promise<void> }

const NameDialog = ({ naming, onClose }: { naming: Naming; onClose: () => void }) => {
  const { t } = useTranslation()
  const [name, setName] = useState(naming.name)
  const done = () => {
    if (name.trim() === '') return
    void naming.keep(name.trim())
    onClose()
  }
  return (
    <Modal
      open
      title={naming.title}
      okText={t('form.save')}
      okButtonProps={{ disabled: name.trim() === '' }}
      onOk={done}
      onCancel={onClose}
      width={420}
    >
      <Field label={t('views.name')} hint={t('views.nameHint')}>
        {(ties) => (
          <Input
            {...ties}
            autoFocus
            maxLength={viewLimits.name}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onPressEnter={(event) => {
              if (!event.nativeEvent.isComposing) done()
            }}
          />
        )}
      </Field>
    </Modal>
  )
}

/** The views of a list as a row of tabs: those everybody has, those the person saved, and what may be done with the open one. */
export const ViewTabs = ({ look }: { look: ListLook }) => {
  const { t } = useTranslation()
  const words = useErrorWords()
  const [naming, setNaming] = useState<Naming | null>(null)
  const row = useRef<HTMLUListElement>(null)
  const { views, viewId, own, acts, isChanged, defaultView } = look
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [viewId])

  const attempt = async (act: () => Promise<void>, done?: string): Promise<void> => {
    try {
      await act()
      if (done) say(done)
    } catch (error) {
      const { title, advice } = words(error)
      say(`${title} ${advice}`)
    }
  }
  const saveAs = () => setNaming({ title: t('views.saveAs'), name: '', keep: (name) => attempt(() => acts.saveAs(name), t('views.saved')) })
  const remove = (one: SavedView) => {
    const at = views.indexOf(one)
    void attempt(async () => {
      await acts.remove(one.id)
      say(t('views.removed', { name: one.name }), { label: t('undo'), run: () => void attempt(() => acts.putBack(one, at)) })
    })
  }
  const menuOf = (one: SavedView) => {
    const at = views.indexOf(one)
    return [
      { key: 'rename', label: t('views.rename') },
      { key: 'begin', label: defaultView === one.id ? t('views.beginsHere') : t('views.beginHere'), disabled: defaultView === one.id },
      { key: 'left', label: t('views.left'), disabled: at === 0 },
      { key: 'right', label: t('views.right'), disabled: at === views.length - 1 },
      { type: 'divider' as const },
      { key: 'remove', label: t('views.remove'), danger: true },
    ]
  }
  const run = (one: SavedView, key: string) => {
    if (key === 'rename') setNaming({ title: t('views.rename'), name: one.name, keep: (name) => attempt(() => acts.rename(one.id, name)) })
    if (key === 'begin') void attempt(() => acts.beginWith(one.id), t('views.beginsNow', { name: one.name }))
    if (key === 'left' || key === 'right') void attempt(() => acts.move(one.id, key === 'left' ? -1 : 1))
    if (key === 'remove') remove(one)
  }
  const tab = (id: string, name: string) => (
    <button type='button' className='view-tab' aria-current={id === viewId ? 'true' : undefined} onClick={() => look.openView(id)}>
      <span className='clip'>{name}</span>
      {id === defaultView && defaultView !== 'all' ? (
        <>
          <Icon name='home' size={13} />
          <span className='unseen'>{t('views.beginsHere')}</span>
        </>
      ) : null}
    </button>
  )
  return (
    <nav className='views' aria-label={t('views.label')}>
      <ul ref={row}>
        {builtInIds.map((id) => (
          <li key={id}>{tab(id, t(`views.builtIn.${id}`))}</li>
        ))}
        {views.map((one) => (
          <li key={one.id}>
            {tab(one.id, one.name)}
            {one.id === viewId ? (
              <Dropdown trigger={['click']} menu={{ items: menuOf(one), onClick: ({ key }) => run(one, key) }}>
                <button type='button' className='chip bare' aria-haspopup='menu' aria-label={t('views.menu', { name: one.name })}>
                  <Icon name='more' size={16} />
                </button>
              </Dropdown>
            ) : null}
          </li>
        ))}
      </ul>
      <div className='view-acts'>
        {own && isChanged ? (
          <button type='button' className='chip tall' onClick={() => void attempt(() => acts.update(own.id), t('views.updated'))}>
            <Icon name='check' size={14} />
            {t('views.update')}
          </button>
        ) : null}
        {isChanged && views.length < viewLimits.views ? (
          <button type='button' className='chip tall' onClick={saveAs}>
            <Icon name='plus' size={14} />
            {t('views.saveAs')}
          </button>
        ) : null}
        {viewId !== 'all' && !own && defaultView !== viewId ? (
          <button
            type='button'
            className='chip bare tall'
            onClick={() =>
              void attempt(() => acts.beginWith(viewId), t('views.beginsNow', { name: t(`views.builtIn.${viewId as 'mine'}`) }))
            }
          >
            {t('views.beginHere')}
          </button>
        ) : null}
        {viewId === 'all' && defaultView !== 'all' ? (
          <button
            type='button'
            className='chip bare tall'
            onClick={() => void attempt(() => acts.beginWith('all'), t('views.beginsNow', { name: t('views.builtIn.all') }))}
          >
            {t('views.beginHere')}
          </button>
        ) : null}
      </div>
      {naming ? <NameDialog naming={naming} onClose={() => setNaming(null)} /> : null}
    </nav>
  )
}
