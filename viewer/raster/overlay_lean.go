//go:build lean

package raster

// drawOverlay draws nothing: there is no text in the pictures of the Python package, whose library goes without fonts.
func (r *Renderer) drawOverlay() {}
