import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { type ShareState, shareLength } from './shareText.ts'

type ShareInputProps = {
  place: number
  value: string
  state: ShareState
  repeated: boolean
  foreign: boolean
  onChange: (text: string) => void
}

/** One share being typed back, with its own checksum told live. */
export const ShareInput = ({ place, value, state, repeated, foreign, onChange }: ShareInputProps) => {
  const { t } = useTranslation()
  const problem =
    state.kind === 'bad_character'
      ? t('kit.badCharacter', { character: state.character })
      : state.kind === 'wrong'
        ? t('kit.wrong')
        : repeated
          ? t('kit.repeated')
          : foreign
            ? t('kit.foreign')
            : null
  const right = state.kind === 'right' && !problem
  return (
    <Field
      label={t('kit.shareAt', { place })}
      aside={state.kind === 'partial' ? t('kit.typed', { typed: state.typed, all: shareLength }) : null}
      problem={problem}
      hint={
        right && state.kind === 'right' ? (
          <span className='row' style={{ color: 'var(--ok)' }}>
            <Icon name='check' size={14} />
            {t('kit.right', { index: state.index, total: state.total })}
          </span>
        ) : undefined
      }
    >
      {(ties) => (
        <Input.TextArea
          {...ties}
          className='mono grows'
          rows={2}
          autoComplete='off'
          spellCheck={false}
          autoCapitalize='characters'
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
