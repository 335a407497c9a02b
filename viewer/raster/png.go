package raster

import (
	"bufio"
	"image"
	"image/png"
	"os"
)

// WritePNG writes a picture to a file.
func WritePNG(path string, m image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	err = png.Encode(w, m)
	if err == nil {
		err = w.Flush()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
