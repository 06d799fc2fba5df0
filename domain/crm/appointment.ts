import { entity } from '../catalogue/entity.ts'
import { choice, longText, ref, timestamp } from '../catalogue/field.ts'

/**
 * Somebody of the dealer meets a customer, or calls them, at a time agreed on. It puts the customer into the working set of those who go (DESIGN 3), so whoever
 * makes one decides who may look: docs/decisions/0012.
 */
export const appointment = entity({
  name: 'appointment',
  plural: 'appointments',
  label: { zh: '预约', en: 'Appointment' },
  subject: 'customerId',
  rowScope: { parent: 'customerId' },
  retain: { years: 6, from: 'created' },
  schemaVersion: 1,
  fields: {
    customerId: ref('customer', { class: 'internal', label: { zh: '客户', en: 'Customer' }, find: ['exact'] }),
    kind: choice(
      {
        survey: { zh: '上门勘测', en: 'Site survey' },
        demo: { zh: '到店试听', en: 'Showroom demo' },
        delivery: { zh: '送货', en: 'Delivery' },
        installation: { zh: '安装调试', en: 'Installation' },
        handover: { zh: '验收交付', en: 'Handover' },
        service: { zh: '维修保养', en: 'Service' },
        call: { zh: '电话回访', en: 'Follow-up call' },
        other: { zh: '其他', en: 'Other' },
      },
      { class: 'internal', label: { zh: '事项', en: 'What for' }, find: ['exact'] },
    ),
    // Two installers carry a screen, so there may be several.
    assigneeIds: ref('staff', { class: 'internal', label: { zh: '谁去', en: 'Who goes' }, many: true, find: ['exact'] }),
    startsAt: timestamp({ class: 'internal', label: { zh: '开始', en: 'From' }, find: ['range'] }),
    endsAt: timestamp({ class: 'internal', label: { zh: '结束', en: 'To' }, find: ['range'] }),
    state: choice(
      {
        planned: { zh: '已约', en: 'Planned' },
        done: { zh: '已完成', en: 'Done' },
        missed: { zh: '未见到', en: 'Missed' },
        cancelled: { zh: '已取消', en: 'Cancelled' },
      },
      { class: 'internal', label: { zh: '状态', en: 'State' }, find: ['exact'] },
    ),
    staffId: ref('staff', { class: 'internal', label: { zh: '登记人', en: 'Booked by' }, find: ['exact'] }),
    note: longText({
      class: 'personal',
      label: { zh: '说明', en: 'Note' },
      optional: true,
      max: 1_000,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
  },
})
