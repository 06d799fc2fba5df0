import { useTranslation } from 'react-i18next'
import { type DeviationKind, type DeviationReason, deviationReasons } from '../../../domain/policy/separation.ts'
import { ApiError } from '../../app/apiError.ts'
import { Trouble } from '../../ui/Trouble.tsx'

type SeparationNoteProps = { kinds: readonly DeviationKind[]; reason: DeviationReason | null; onReason: (reason: DeviationReason) => void }

/** Which powers would come together that belong apart, why that matters, and the choice of a reason to accept it. Nothing where none would. */
export const SeparationNote = ({ kinds, reason, onReason }: SeparationNoteProps) => {
  const { t } = useTranslation()
  if (kinds.length === 0) return null
  return (
    <Trouble tone='warn' title={t('separation.title')}>
      <ul className='dots'>
        {kinds.map((kind) => (
          <li key={kind}>
            {t(`separation.kinds.${kind}`)}
            <div className='small quiet'>{t(`separation.what.${kind}`)}</div>
          </li>
        ))}
      </ul>
      <div className='ask-reason' role='radiogroup' aria-label={t('separation.why')}>
        <span className='small'>{t('separation.why')}</span>
        {deviationReasons.map((one) => (
          <button key={one} type='button' role='radio' aria-checked={reason === one} className='option' onClick={() => onReason(one)}>
            {t(`separation.reasons.${one}`)}
          </button>
        ))}
      </div>
      <p className='small quiet'>{t('separation.record')}</p>
    </Trouble>
  )
}

/** Returns the kinds that the server found to come together without a reason; empty for any other refusal. */
export const refusedKinds = (error: unknown): DeviationKind[] =>
  error instanceof ApiError && error.code === 'separation' && Array.isArray(error.details['kinds'])
    ? (error.details['kinds'] as DeviationKind[])
    : []
