/** Returns a stored number (E.164) as people here read it: `138 1234 5678`; numbers from elsewhere keep their prefix. Masked text stays as it is. */
export const formatPhone = (stored: string): string => {
  const mobile = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(stored)
  if (mobile) return `${mobile[1]} ${mobile[2]} ${mobile[3]}`
  const land = /^\+86(10|2\d|[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(stored)
  return land ? `0${land[1]} ${land[2]} ${land[3]}` : stored
}
