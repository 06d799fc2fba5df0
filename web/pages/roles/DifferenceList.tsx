import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../domain/policy/role.ts'
import { type RoleInfo, useRoleName } from '../../app/people.ts'
import { Card } from '../../ui/Card.tsx'
import { compareRoles, type Difference, nearestRole } from './compareRoles.ts'
import { dutyKey } from './dutyKey.ts'

/** Returns one difference in words: what, and from what to what. */
const useDifferenceWords = (): ((one: Difference) => { what: string; change: string }) => {
  const { t } = useTranslation()
  return (one) => {
    if (one.of === 'duty')
      return { what: t(`duties.${dutyKey(one.duty)}.title` as 'duties.calls_take.title'), change: t(one.more ? 'roles.on' : 'roles.off') }
    if (one.of === 'budget') return { what: t(`roles.${one.budget}`), change: t('roles.moveTo', { before: one.before, after: one.after }) }
    const colon = t('roles.colon')
    const entity = t(`entityNames.${one.entity}`)
    if (one.of === 'write') {
      const list = (classes: readonly string[]): string =>
        classes.map((each) => t(`writeClasses.${each}` as 'writeClasses.public')).join(t('listComma')) || t('reach.short.none')
      return {
        what: `${entity}${colon}${t('rights.write')}`,
        change: t('roles.moveTo', { before: list(one.before), after: list(one.after) }),
      }
    }
    const right = t(`rights.${one.of === 'act' ? one.act : one.right === 'export' ? 'exportOpen' : one.right}`)
    const change = t('roles.moveTo', { before: t(`reach.short.${one.before}`), after: t(`reach.short.${one.after}`) })
    return { what: `${entity}${colon}${right}`, change }
  }
}

/** In what a role differs from another: at first from the one it resembles most, or was copied from. */
export const DifferenceCard = ({ role, others, from }: { role: Role; others: readonly RoleInfo[]; from: string | null }) => {
  const { t } = useTranslation()
  const roleName = useRoleName()
  const words = useDifferenceWords()
  const [nearest] = useState(() => from ?? nearestRole(role, others)?.id ?? null)
  const [chosen, setChosen] = useState<string | null>(null)
  const other = others.find(({ id }) => id === (chosen ?? nearest))
  if (!other) return null
  const differences = compareRoles(other.role, role)
  return (
    <Card title={t('roles.differs', { name: roleName(other.id) })}>
      <div className='stack tight'>
        <Select
          size='small'
          aria-label={t('roles.compareWith')}
          value={other.id}
          options={others.map(({ id }) => ({ value: id, label: roleName(id) }))}
          onChange={(id: string) => setChosen(id)}
        />
        {differences.length === 0 ? <p className='quiet'>{t('roles.same')}</p> : null}
        <ul className='differences small'>
          {differences.map((one) => {
            const { what, change } = words(one)
            return (
              <li key={what}>
                <span>{what}</span>
                <span className='tag' data-tone={one.more ? 'ok' : 'warn'}>
                  {change}
                </span>
              </li>
            )
          })}
        </ul>
      </div>
    </Card>
  )
}
