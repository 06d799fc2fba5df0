import { Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '../../domain/catalogue/entity.ts'
import type { RecordView } from '../app/contract.ts'
import { CustomerName } from './CustomerName.tsx'
import { useLabel, useValueText } from './FieldValue.tsx'
import { plainOf } from './plainOf.ts'

type ConflictDialogProps = {
  entity: Entity
  mine: Record<string, unknown>
  theirs: RecordView
  saving: boolean
  onResolve: (value: Record<string, unknown>) => void
  onClose: () => void
}

/** Two people changed one record: shows both versions field by field, takes one choice each, and loses neither. */
export const ConflictDialog = ({ entity, mine, theirs, saving, onResolve, onClose }: ConflictDialogProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const text = useValueText()
  const names = Object.keys(mine)
  const [choice, setChoice] = useState<Record<string, 'mine' | 'theirs'>>({})
  const words = (name: string, value: unknown): ReactNode => {
    const field = entity.fields[name]
    if (!field) return ''
    if (field.to === 'customer' && typeof value === 'string') return <CustomerName id={value} plain />
    const list = Array.isArray(value) ? value : [value]
    return (
      list.map((one) => (typeof one === 'string' && one !== '' ? text(field, one) : (plainOf(one as never) ?? t('notGiven')))).join('、') ||
      t('notGiven')
    )
  }
  const take = (name: string): 'mine' | 'theirs' => choice[name] ?? 'mine'
  return (
    <Modal
      open
      width={720}
      title={t('conflict.title')}
      okText={t('conflict.save')}
      cancelText={t('conflict.back')}
      confirmLoading={saving}
      mask={{ closable: false }}
      onOk={() => onResolve(Object.fromEntries(names.filter((name) => take(name) === 'mine').map((name) => [name, mine[name]])))}
      onCancel={onClose}
    >
      <p className='quiet' style={{ marginBottom: 14 }}>
        {t('conflict.what', { version: theirs.version })}
      </p>
      <div className='conflict'>
        {names.map((name) => (
          <fieldset key={name}>
            <legend>{entity.fields[name] ? labelOf(entity.fields[name]) : name}</legend>
            <div className='pair' role='radiogroup' aria-label={entity.fields[name] ? labelOf(entity.fields[name]) : name}>
              {(['mine', 'theirs'] as const).map((side) => (
                <button
                  key={side}
                  type='button'
                  role='radio'
                  aria-checked={take(name) === side}
                  className='option'
                  onClick={() => setChoice({ ...choice, [name]: side })}
                >
                  <small className='faint'>{t(`conflict.${side}`)}</small>
                  <span>{words(name, side === 'mine' ? mine[name] : theirs[name])}</span>
                </button>
              ))}
            </div>
          </fieldset>
        ))}
      </div>
    </Modal>
  )
}
