import type { ThemeConfig } from 'antd'

/**
 * The one place where colours, sizes and type live: the style sheet's variables and antd's tokens are both made from here. Quiet, dense, exact.
 * Text colours keep 4.5:1 on paper, card and their own soft ground (WCAG 2.2, 1.4.3), `edge` keeps 3:1 for the borders of inputs (1.4.11).
 */
export type Palette = typeof light

const light = {
  ink: '#16202a',
  ink2: '#4a5865',
  ink3: '#63717d',
  line: '#e4e8eb',
  edge: '#8b979f',
  paper: '#f5f7f6',
  card: '#ffffff',
  raised: '#ffffff',
  hover: '#f1f5f4',
  accent: '#0b6e69',
  accentHover: '#085a56',
  accentSoft: '#e3f1ef',
  onAccent: '#ffffff',
  warn: '#8a5a0b',
  warnSoft: '#fbf3df',
  warnMark: '#ffe9a8',
  danger: '#b3261e',
  dangerSoft: '#fbe9e7',
  ok: '#256b42',
  okSoft: '#e5f3ea',
  shade: 'rgb(22 32 42 / 45%)',
  lift: '0 1px 2px rgb(22 32 42 / 4%)',
  float: '0 12px 40px rgb(22 32 42 / 18%), 0 2px 8px rgb(22 32 42 / 8%)',
}

const dark: Palette = {
  ink: '#e8edf0',
  ink2: '#b0bcc5',
  ink3: '#8f9ca7',
  line: '#26323c',
  edge: '#62717d',
  paper: '#0f161c',
  card: '#151f27',
  raised: '#1b2731',
  hover: '#1b2832',
  accent: '#4fb9b1',
  accentHover: '#6fcbc4',
  accentSoft: '#12302f',
  onAccent: '#06211f',
  warn: '#e0b04f',
  warnSoft: '#2d2614',
  warnMark: '#5b4710',
  danger: '#f28b82',
  dangerSoft: '#331a18',
  ok: '#6cc392',
  okSoft: '#14301f',
  shade: 'rgb(3 7 10 / 62%)',
  lift: '0 1px 2px rgb(0 0 0 / 20%)',
  float: '0 16px 48px rgb(0 0 0 / 55%), 0 2px 8px rgb(0 0 0 / 35%)',
}

export const palettes = { light, dark } as const

/** CJK first, as the readers are; tabular figures come from the style sheet. */
const fontFamily =
  "-apple-system, 'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei UI', 'Microsoft YaHei', Inter, 'Segoe UI', sans-serif"
/** Chinese fonts draw quotation marks and dashes a whole character wide, which tears English apart. */
const latinFirst = `Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', ${fontFamily}`
const monoFamily = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Noto Sans Mono CJK SC', Consolas, monospace"

const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, value]) => `--${name.replace(/[A-Z]|\d/g, (part) => `-${part.toLowerCase()}`)}:${value}`)
    .join(';')

/** Returns the style sheet of variables: the system's theme unless `data-theme` on the root says otherwise. */
export const tokensCss = (): string => `
:root{color-scheme:light;${variables(light)};--font:${fontFamily};--mono:${monoFamily}}
:root:lang(en),[lang=en]{--font:${latinFirst}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${variables(dark)}}}
:root[data-theme=dark]{color-scheme:dark;${variables(dark)}}
`

type Algorithm = Extract<NonNullable<ThemeConfig['algorithm']>, (...args: never[]) => unknown>

/** antd derives shades of its own from the seeds; these stay exactly ours. */
const exactColours = (p: Palette) => ({
  colorPrimary: p.accent,
  colorPrimaryHover: p.accentHover,
  colorPrimaryActive: p.accentHover,
  colorPrimaryText: p.accent,
  colorPrimaryTextHover: p.accentHover,
  colorPrimaryBg: p.accentSoft,
  colorPrimaryBgHover: p.accentSoft,
  colorLink: p.accent,
  colorLinkHover: p.accentHover,
  colorLinkActive: p.accentHover,
  colorError: p.danger,
  colorErrorBg: p.dangerSoft,
  colorSuccess: p.ok,
  colorWarning: p.warn,
  colorWarningBg: p.warnSoft,
})

/**
 * Returns antd's theme for one mode. `algorithm` is antd's own dark or default one, handed in so that this file stays free of antd's code. `motion`:
 * whether it may animate; it must be told, since it waits for the end of transitions that would never begin.
 */
export const antdTheme = (mode: 'light' | 'dark', algorithm: Algorithm, motion: boolean): ThemeConfig => {
  const p = palettes[mode]
  return {
    algorithm: [algorithm, (_seed, map = algorithm(_seed)) => ({ ...map, ...exactColours(p) })],
    hashed: false,
    cssVar: { key: `anechoic-${mode}` },
    token: {
      colorPrimary: p.accent,
      colorInfo: p.accent,
      colorLink: p.accent,
      colorSuccess: p.ok,
      colorWarning: p.warn,
      colorError: p.danger,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink3,
      colorTextDescription: p.ink2,
      colorTextPlaceholder: p.ink3,
      colorTextDisabled: p.ink3,
      colorBgBase: p.card,
      colorBgContainer: p.card,
      colorBgElevated: p.raised,
      colorBgLayout: p.paper,
      colorBorder: p.edge,
      colorBorderSecondary: p.line,
      colorBgMask: p.shade,
      colorTextLightSolid: p.onAccent,
      controlItemBgHover: p.hover,
      controlItemBgActive: p.accentSoft,
      fontFamily: 'var(--font)',
      fontFamilyCode: monoFamily,
      fontSize: 14,
      borderRadius: 8,
      controlHeight: 34,
      controlHeightSM: 26,
      lineHeight: 1.55,
      motion,
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.18s',
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', defaultBorderColor: p.line, fontWeight: 500 },
      Modal: { titleFontSize: 17 },
      Pagination: { itemActiveBg: p.accentSoft },
      Segmented: { trackBg: p.paper, itemSelectedBg: p.raised },
      Tooltip: { colorBgSpotlight: mode === 'dark' ? '#33424e' : '#22303b', colorTextLightSolid: '#ffffff' },
    },
  }
}
