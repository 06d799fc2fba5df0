/** Words of handing over, reviews, emergencies, programs and the 等保 profile, in English. */
export const guardEn = {
  handovers: {
    sub: 'Customers whose owner does not look after them any more. Choose another owner before somebody is forgotten.',
    reasons: { left: 'Left', leaving: 'Leaving', suspended: 'Suspended', elsewhere: 'In another store now' },
    customers_one: '{{count, number}} customer',
    customers_other: '{{count, number}} customers',
    appointments_one: '{{count, number}} planned appointment',
    appointments_other: '{{count, number}} planned appointments',
    open: 'Select all of them',
    none: {
      title: 'Everybody is looked after',
      advice: 'When somebody leaves, is suspended or changes store, their customers stand here.',
    },
  },
}
