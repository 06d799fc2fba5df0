import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { judgePassword, type Rule } from './passwordStrength.ts'

const grades = ['worst', 'weak', 'fair', 'strong', 'best'] as const
const rules: Rule[] = ['length', 'variety', 'names']

/** A new password with its rules and strength told while it is typed. */
export const PasswordField = ({
  value,
  known,
  problem,
  onChange,
}: {
  value: string
  known: string[]
  problem?: string | null
  onChange: (value: string) => void
}) => {
  const { t } = useTranslation()
  const { met, score } = judgePassword(value, known)
  return (
    <>
      <Field
        label={t('setup.password')}
        problem={problem}
        aside={value === '' ? null : <span aria-live='polite'>{t(`setup.strength.${grades[score]}`)}</span>}
      >
        {(ties) => (
          <Input.Password
            {...ties}
            value={value}
            autoComplete='new-password'
            maxLength={128}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <div className='progress' data-tone={score >= 3 ? 'ok' : score <= 1 ? 'danger' : undefined} aria-hidden='true'>
        <i style={{ width: `${value === '' ? 0 : 12 + score * 22}%` }} />
      </div>
      <ul className='rules'>
        {rules.map((rule) => (
          <li key={rule} data-met={met[rule]}>
            <Icon name={met[rule] ? 'check' : 'more'} size={14} />
            <span className='unseen'>{met[rule] ? t('setup.met') : t('setup.unmet')}</span>
            {t(`setup.rules.${rule}`)}
          </li>
        ))}
      </ul>
    </>
  )
}
