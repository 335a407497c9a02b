//go:build lean

package scene

// Typeface has no glyphs: the Python package draws no text. Go Mono and what reads and draws it would be 4 % of its library.
type Typeface struct{ Height, Advance, Ascent, Line int }

// NewTypeface returns the typeface of pictures of the given height.
func NewTypeface(height int) *Typeface { return &Typeface{Height: height} }
