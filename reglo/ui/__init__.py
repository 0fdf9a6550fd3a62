"""The design system: tokens, components, base pages and the formats of figures. See README.md."""
