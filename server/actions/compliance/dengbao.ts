import { backupDueDays, isBackupDue } from '../../../domain/continuity/backupDue.ts'
import { type Facts, judgeDengbao, passwordDays } from '../../../domain/compliance/dengbao.ts'
import { dormantDays } from '../../../domain/policy/review.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { smallShop } from '../../../domain/policy/separation.ts'
import { readLastBackup } from '../../backup/lastBackup.ts'
import { readProfile, writeProfile } from '../../auth/profile.ts'
import { readSecondFactor } from '../../auth/secondFactor.ts'
import { newestJob } from '../../store/jobTable.ts'
import { shopToday } from '../../store/shopToday.ts'
import { readSetting } from '../../store/settings.ts'
import type { Parts } from '../parts.ts'

type Needs = Pick<Parts, 'pool' | 'macKey' | 'audit'>
type Counted = Omit<Facts, 'profile' | 'secondFactorFor' | 'transport' | 'auditWritable' | 'auditInOrder' | 'recordsDiffer' | 'backupDue'>

// People who may act; programs have no password and no factor.
const counted = `with who as (
    select st.* from staff st where st.kind = 'person' and st.active and st.trashed_at is null and (st.leaves_on is null or ${shopToday} <= st.leaves_on)
      and not exists (select 1 from auth.suspension x where x.staff_id = st.id))
  select (select count(*)::int from who) as people,
    (select count(*)::int from who where roles = '{}') as "withoutRole",
    (select count(*)::int from who join auth.credential c on c.staff_id = who.id where c.password_set_at < now() - make_interval(days => $1)) as "oldPasswords",
    (select count(*)::int from who join auth.credential c on c.staff_id = who.id where c.must_change) as "firstPasswords",
    (select count(*)::int from who where not exists (select 1 from auth.passkey p where p.staff_id = who.id)
      and not exists (select 1 from auth.totp o where o.staff_id = who.id)) as "withoutSecondFactor",
    (select count(*)::int from who where greatest(who.created_at, (select e.at from audit.entry e where e.actor = who.id order by e.id desc limit 1))
      < now() - make_interval(days => $2)) as dormant,
    (select count(*)::int from staff st where st.leaves_on < ${shopToday} and st.trashed_at is null
      and not exists (select 1 from auth.departure d where d.staff_id = st.id)) as "departuresPending",
    (select count(*)::int from auth.deviation where ended_at is null) as deviations,
    (select case when (select count(*) from who) > $3 then count(*)::int else 0 end from auth.deviation where ended_at is null) as "deviationsOverdue",
    (select count(*)::int from auth.review where closed_at is null and due_at < now()) as "reviewsOverdue"`

/** Returns how the installation stands to each item of the 等保 profile now, and whether the profile is on. */
export const readDengbao = async (parts: Needs, transport: Facts['transport']) => {
  const { pool, audit } = parts
  const macKey = await parts.macKey()
  const [profile, second, { rows }, swept, backup, writable] = await Promise.all([
    readProfile(pool, macKey),
    readSetting(pool, 'secondFactor'),
    pool.query<Counted>(counted, [passwordDays, dormantDays, smallShop]),
    newestJob(pool, 'verify', 'done'),
    readLastBackup(pool).catch(() => null),
    audit.check().then(
      () => true,
      () => false,
    ),
  ])
  const facts: Facts = {
    ...rows[0]!,
    profile,
    secondFactorFor: profile ? 'everyone' : readSecondFactor(macKey, second),
    transport,
    auditWritable: writable,
    auditInOrder: audit.status().sequencerProblem === null,
    recordsDiffer: (swept?.result as { differing?: number } | null)?.differing ?? 0,
    backupDue: isBackupDue(backup?.at ?? null, new Date()),
  }
  return { profile, people: facts.people, backupDays: backupDueDays, items: judgeDengbao(facts) }
}

/** Switches the profile; on record. What it asks of people it asks from their next request on. */
export const changeProfile = async (parts: Needs, actor: Actor, on: boolean): Promise<void> => {
  await writeProfile(parts.pool, await parts.macKey(), on)
  await parts.audit.append({
    actor,
    action: 'setting_change',
    entity: 'installation',
    fields: ['dengbao', on ? 'on' : 'off'],
    outcome: 'done',
  })
}
