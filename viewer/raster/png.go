package raster

import (
	"bufio"
	"image"
	"image/png"
	"io"

	"github.com/ukemi-sim/ukemi/internal/draft"
)

// WritePNG writes a picture to a file, which is whole or as it was.
func WritePNG(path string, m image.Image) error {
	_, err := draft.Write(path, func(f io.Writer) error {
		w := bufio.NewWriterSize(f, 1<<16)
		if err := png.Encode(w, m); err != nil {
			return err
		}
		return w.Flush()
	})
	return err
}
