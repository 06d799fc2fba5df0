import { appointment } from '../crm/appointment.ts'
import { consent } from '../crm/consent.ts'
import { contact } from '../crm/contact.ts'
import { customer } from '../crm/customer.ts'
import { interaction } from '../crm/interaction.ts'
import { staff } from '../people/staff.ts'
import { store } from '../people/store.ts'

/** Every entity there is. A new one is a file of its own and a line here. */
export const catalogue = { customer, contact, consent, interaction, appointment, staff, store } as const

export type EntityName = keyof typeof catalogue
