import { Button } from 'antd'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { formatDay } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Trouble } from '../../ui/Trouble.tsx'
import { PrintSheets } from './PrintSheets.tsx'

type KitSheetsProps = { kit: { shares: string[]; kitId: string }; threshold: number; company: string; onNext: () => void }

/** The shares, one at a time on the screen and one per sheet on paper. They are not offered as a file: what lies on a disk can be copied unseen. */
export const KitSheets = ({ kit, threshold, company, onNext }: KitSheetsProps) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState<number | null>(0)
  const [only, setOnly] = useState<number | null>(null)
  const [kept, setKept] = useState<readonly number[]>([])
  const [day] = useState(() => formatDay(new Date().toISOString()))
  const total = kit.shares.length
  const print = (which: number | null) => {
    flushSync(() => setOnly(which))
    window.print()
    setKept(which === null ? kit.shares.map((_, i) => i) : [...new Set([...kept, which])])
  }
  const sheets = kit.shares.map((share, i) => ({ share, index: i + 1, total, threshold, company, kitId: kit.kitId, day }))
  return (
    <div className='stack'>
      <Trouble tone='warn' title={t('kit.once')}>
        {t('kit.onceAdvice')}
      </Trouble>
      <div className='row'>
        <Button type='primary' icon={<Icon name='print' size={16} />} onClick={() => print(null)}>
          {t('kit.printAll')}
        </Button>
        <span className='faint small'>{t('kit.orWrite')}</span>
      </div>
      <ul className='share-list'>
        {kit.shares.map((share, i) => (
          <li key={i} className='card'>
            <div className='row apart'>
              <b>
                {t('kit.shareOf', { index: i + 1, total })}{' '}
                {kept.includes(i) ? (
                  <span className='tag' data-tone='ok'>
                    {t('kit.printed')}
                  </span>
                ) : null}
              </b>
              <span className='row'>
                <button type='button' className='chip' onClick={() => print(i)}>
                  <Icon name='print' size={14} />
                  {t('kit.printOne')}
                </button>
                <button type='button' className='chip' aria-expanded={open === i} onClick={() => setOpen(open === i ? null : i)}>
                  <Icon name='eye' size={14} />
                  {open === i ? t('reveal.hide') : t('reveal.show')}
                </button>
              </span>
            </div>
            {open === i ? (
              <div className='share'>
                {share.split('-').map((group, j) => (
                  <span key={j}>{group} </span>
                ))}
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      <div className='row'>
        <Button type='primary' onClick={onNext}>
          {t('kit.kept')}
        </Button>
      </div>
      <PrintSheets sheets={only === null ? sheets : sheets.filter((_, i) => i === only)} />
    </div>
  )
}
