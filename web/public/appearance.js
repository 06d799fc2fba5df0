// Runs before the first paint (the security policy allows no inline script), so that a chosen theme or language does not flash by.
try {
  const theme = localStorage.getItem('anechoic.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  const language = localStorage.getItem('anechoic.language')
  if (language) document.documentElement.lang = language
} catch {
  // A browser that refuses storage gets the system's theme.
}
