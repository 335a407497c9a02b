package mjcf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	colors "image/color"
	"image/png"
	"math"
	"path"
	"slices"
	"strings"
)

func (r *reader) readHFields() {
	for _, s := range r.sections("asset") {
		for _, n := range s.kids {
			if n.name == "hfield" {
				r.addHField(n)
			}
		}
	}
}

func (r *reader) addHField(n *node) {
	m := r.model
	h := HField{Place: n.at, Name: r.declare(n, "hfield", len(m.HFields))}
	if !r.exact(n, "size", h.Size[:]) && n.peek("size") == "" {
		r.errorf(n, "attribute size is missing")
	} else if slices.Min(h.Size[:]) <= 0 && n.peek("size") != "" {
		r.errorf(n, "attribute size=%q: the half lengths, the height and the depth of the base are positive", clip(n.peek("size")))
	}
	r.text(n, "file", &h.File)
	r.integer(n, "nrow", &h.Rows)
	r.integer(n, "ncol", &h.Cols)
	if h.File != "" {
		h.File = r.meshPath(h.File)
		if h.Name == "" {
			base := path.Base(h.File)
			h.Name = strings.TrimSuffix(base, path.Ext(base))
			r.named[[2]string{"hfield", h.Name}] = len(m.HFields)
		}
		rows, cols, z, err := r.elevationFile(n, h.File)
		if err != nil {
			r.notef(n, "height field ignored: %v", err)
		} else {
			h.Rows, h.Cols, h.Elevation = rows, cols, z
		}
		m.HFields = append(m.HFields, h)
		return
	}
	switch {
	case h.Rows < 2 || h.Cols < 2 || h.Rows > maxNumbers/h.Cols:
		r.errorf(n, "nrow %d and ncol %d are no grid of at least 2 by 2 points", h.Rows, h.Cols)
		return
	case n.peek("elevation") == "":
		h.Elevation = make([]float64, h.Rows*h.Cols)
	default:
		z := r.list(n, "elevation")
		if len(z) != h.Rows*h.Cols {
			r.errorf(n, "attribute elevation has %d numbers, want nrow × ncol = %d", len(z), h.Rows*h.Cols)
			return
		}
		for i := h.Rows - 1; i >= 0; i-- { // the file's first row is the one farthest in y
			h.Elevation = append(h.Elevation, z[i*h.Cols:(i+1)*h.Cols]...)
		}
	}
	normalize(h.Elevation)
	m.HFields = append(m.HFields, h)
}

// normalize shifts and scales elevations to 0 … 1.
func normalize(z []float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range z {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	for i := range z {
		z[i] -= low
		if high > low {
			z[i] /= high - low
		}
	}
}

// elevationFile reads a gray picture, or MuJoCo's binary format: numbers of rows and columns (int32), elevations (float32).
func (r *reader) elevationFile(n *node, file string) (rows, cols int, z []float64, err error) {
	b, err := r.source.read(file, ".png", ".bin", ".hf", ".hfield", "")
	if err != nil {
		return 0, 0, nil, err
	}
	if strings.ToLower(path.Ext(file)) == ".png" {
		if size, err := png.DecodeConfig(bytes.NewReader(b)); err == nil && size.ColorModel == colors.Gray16Model {
			r.notef(n, "of the 16 bits of a pixel the first 8 are read, as MuJoCo does")
		}
		return elevationPicture(b)
	}
	if len(b) < 8 {
		return 0, 0, nil, errors.New("the file is too short")
	}
	rows, cols = int(int32(binary.LittleEndian.Uint32(b))), int(int32(binary.LittleEndian.Uint32(b[4:])))
	if rows < 2 || cols < 2 || rows > maxNumbers/cols || len(b) != 8+4*rows*cols {
		return 0, 0, nil, errors.New("the file's length does not fit its numbers of rows and columns")
	}
	for i := range rows * cols {
		v := float64(math.Float32frombits(binary.LittleEndian.Uint32(b[8+4*i:])))
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, 0, nil, errors.New("an elevation is not finite")
		}
		z = append(z, v)
	}
	normalize(z)
	return rows, cols, z, nil
}

// elevationPicture reads the first eight bits of gray, as MuJoCo does; the first row of a picture is the farthest in y.
func elevationPicture(b []byte) (rows, cols int, z []float64, err error) {
	size, err := png.DecodeConfig(bytes.NewReader(b))
	switch {
	case err != nil:
		return 0, 0, nil, fmt.Errorf("no PNG that can be read: %w", err)
	case size.Height < 2 || size.Width < 2 || size.Height > maxNumbers/size.Width:
		return 0, 0, nil, fmt.Errorf("a picture of %d by %d pixels is no grid of at least 2 by 2 points and at most %d", size.Width, size.Height, maxNumbers)
	}
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return 0, 0, nil, fmt.Errorf("no PNG that can be read: %w", err)
	}
	for y := size.Height - 1; y >= 0; y-- {
		for x := range size.Width {
			r, g, b, opacity := picture.At(x, y).RGBA()
			if r != g || g != b || opacity != math.MaxUint16 {
				return 0, 0, nil, errors.New("the picture has colors or is seen through; heights are gray")
			}
			z = append(z, float64(r>>8))
		}
	}
	normalize(z)
	return size.Height, size.Width, z, nil
}
