import { Cascader, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseAddress } from '../../domain/text/address.ts'
import { type Division, provinces } from '../../domain/text/divisions.ts'
import type { Ties } from '../ui/Field.tsx'
import { Icon } from '../ui/Icon.tsx'

type AddressInputProps = {
  ties: Partial<Ties> & { 'aria-label'?: string }
  /** What the label of another than the first address ends with: ' 2'. */
  suffix: string
  value: string
  autoFocus: boolean
  onChange: (value: string) => void
}

type Parts = { readonly path: readonly string[]; readonly rest: string }

const partsOf = (value: string): Parts => {
  const { province, city, district, rest } = parseAddress(value)
  return { path: [province, city, district].filter((part) => part !== null), rest }
}
const joined = ({ path, rest }: Parts): string => path.join('') + rest

const contains = (typed: string, path: readonly Division[]): boolean =>
  path.some(({ names, short }) => [...names, short].some((name) => name.includes(typed.trim())))

/**
 * An address in two parts: province, city and district from the list of divisions, then the rest as one writes it. A whole address pasted or
 * typed into the rest takes its places when it is left; what the list does not know, an address abroad say, stays as it was written.
 */
export const AddressInput = ({ ties, suffix, value, autoFocus, onChange }: AddressInputProps) => {
  const { t } = useTranslation()
  // What is being typed is not taken apart under the cursor (an input method would lose its place), so the parts are kept here.
  const [parts, setParts] = useState(() => partsOf(value))
  useEffect(() => setParts((now) => (joined(now) === value ? now : partsOf(value))), [value])
  const set = (next: Parts): void => {
    setParts(next)
    onChange(joined(next))
  }
  const status = ties.status ? { status: ties.status } : {}
  return (
    <div className='address'>
      <Cascader<Division>
        {...status}
        aria-label={`${t('address.region')}${suffix}`}
        options={provinces as Division[]}
        fieldNames={{ label: 'name', value: 'name', children: 'parts' }}
        value={[...parts.path]}
        // A province or a city alone is a region too.
        changeOnSelect
        expandTrigger='click'
        expandIcon={<Icon name='right' size={12} />}
        placeholder={t('address.choose')}
        showSearch={{ filter: contains, limit: 30 }}
        notFoundContent={t('address.none')}
        displayRender={(names) => names.join(' ')}
        onChange={(path) => set({ ...parts, path: (path as string[] | undefined) ?? [] })}
      />
      <Input
        {...ties}
        autoFocus={autoFocus}
        autoComplete='off'
        placeholder={t('address.rest')}
        value={parts.rest}
        onChange={(event) => set({ ...parts, rest: event.target.value })}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text')
          const { selectionStart, selectionEnd, value: before } = event.currentTarget
          const isAll = selectionStart === 0 && selectionEnd === before.length
          // A whole address in place of the whole of this: anything else is pasted as anywhere.
          if (!isAll || partsOf(pasted).path.length === 0) return
          event.preventDefault()
          set(partsOf(pasted))
        }}
        onBlur={() => {
          const read = partsOf(joined(parts))
          if (joined(read) !== joined(parts) || read.rest !== parts.rest) set(read)
        }}
      />
    </div>
  )
}
