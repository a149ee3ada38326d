import { createTheme } from '@mantine/core';

/** Small type and tight corners: a tool for people who read many rows. Contrast is AA or better in both schemes. */
export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: 8,
  fontFamily: "'Inter', 'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    // Grey with a little blue, so that Mantine's dark surfaces and ours are of one kind.
    dark: [
      '#e4ebee',
      '#c2ced4',
      '#a6b4bc',
      '#7c8b94',
      '#566570',
      '#323d44',
      '#222b31',
      '#1a2227',
      '#151c20',
      '#12181c',
    ],
    sea: ['#e9f5fa', '#d5e8f1', '#abd1e4', '#7db9d7', '#58a4cb', '#4297c5', '#3391c3', '#237eac', '#15658e', '#0f4c6d'],
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { withinPortal: true } } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    // A placeholder with a role of its own is no child that a menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 400 } },
  },
});
