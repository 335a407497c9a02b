package raster

import (
	"bufio"
	"compress/lzw"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
)

// GIF writes an animation frame by frame. The colors are chosen from the first frames and stay; shades
// between them are dithered by a fixed pattern, so a pixel that does not change in the picture does not
// change in the file either and costs next to nothing: only the part of a frame that differs is stored,
// with unchanged pixels transparent. (Floyd–Steinberg dithering looks a little finer on a still but
// boils in a video, since every pixel depends on all before it.)
type GIF struct {
	w             *bufio.Writer
	file          io.Closer // when opened by CreateGIF
	width, height int
	delay         float64 // per frame, in hundredths of a second
	due, written  float64 // time of the frames so far, exact and as stored
	pal           *palette
	held          []*image.RGBA // frames before the palette is made
	shown, index  []uint8
	pack          *lzw.Writer
	blocks        blockWriter
	err           error
}

// GIF frames that wait before the palette is made, and the index kept for "unchanged".
const (
	paletteFrames = 8
	transparent   = 255
)

// NewGIF returns an encoder of frames width × height at the given frames per second, 1 to 50: browsers
// slow down anything faster.
func NewGIF(w io.Writer, width, height int, fps float64) (*GIF, error) {
	if width < 1 || height < 1 || width > math.MaxUint16 || height > math.MaxUint16 {
		return nil, fmt.Errorf("gif: size %d×%d, want each in 1…65535", width, height)
	}
	if !(fps >= 1 && fps <= 50) {
		return nil, fmt.Errorf("gif: %g frames per second, want 1…50", fps)
	}
	g := &GIF{w: bufio.NewWriterSize(w, 1<<16), width: width, height: height, delay: 100 / fps}
	g.shown, g.index = make([]uint8, width*height), make([]uint8, width*height)
	g.blocks.w = g.w
	return g, nil
}

// CreateGIF returns an encoder that writes to a new file and closes it on Close.
func CreateGIF(path string, width, height int, fps float64) (*GIF, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	g, err := NewGIF(f, width, height, fps)
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(path))
	}
	g.file = f
	return g, nil
}

// Add appends a frame; its pixels are copied or written before Add returns.
func (g *GIF) Add(m *image.RGBA) error {
	if g.err != nil {
		return g.err
	}
	if m.Rect.Dx() != g.width || m.Rect.Dy() != g.height {
		return fmt.Errorf("gif: frame of %d×%d in an animation of %d×%d", m.Rect.Dx(), m.Rect.Dy(), g.width, g.height)
	}
	if g.pal != nil {
		g.err = g.frame(m, false)
		return g.err
	}
	c := image.NewRGBA(image.Rect(0, 0, g.width, g.height))
	for y := range g.height {
		copy(c.Pix[y*c.Stride:(y+1)*c.Stride], m.Pix[y*m.Stride:])
	}
	if g.held = append(g.held, c); len(g.held) == paletteFrames {
		g.err = g.begin()
	}
	return g.err
}

// Close writes what is left. It closes a file opened by [CreateGIF], but not the writer given to [NewGIF].
func (g *GIF) Close() error {
	if g.err == nil && g.pal == nil && len(g.held) == 0 {
		g.err = errors.New("gif: no frames")
	}
	if g.err == nil && g.pal == nil {
		g.err = g.begin()
	}
	if g.err == nil {
		g.w.WriteByte(0x3B) // trailer
		g.err = g.w.Flush()
	}
	err := g.err
	if g.file != nil {
		err = errors.Join(err, g.file.Close())
		g.file = nil
	}
	if g.err == nil {
		g.err = errors.New("gif: closed")
	}
	return err
}

// begin makes the palette and writes the header and the frames held back.
func (g *GIF) begin() error {
	g.pal = newPalette(g.held)
	g.pack = lzw.NewWriter(&g.blocks, lzw.LSB, 8).(*lzw.Writer)
	b := append([]byte("GIF89a"), byte(g.width), byte(g.width>>8), byte(g.height), byte(g.height>>8), 0xF7, 0, 0)
	for _, c := range g.pal.colors {
		b = append(b, c[0], c[1], c[2])
	}
	// The loop block of Netscape 2.0: for ever.
	b = append(b, "\x21\xFF\x0BNETSCAPE2.0\x03\x01\x00\x00\x00"...)
	g.w.Write(b)
	for i, m := range g.held {
		if err := g.frame(m, i == 0); err != nil {
			return err
		}
		g.held[i] = nil
	}
	g.held = nil
	return nil
}

// frame writes the part of m that differs from what is shown.
func (g *GIF) frame(m *image.RGBA, first bool) error {
	area := image.Rect(0, 0, g.width, g.height)
	if first {
		for y := range g.height {
			g.pal.dither(g.shown[y*g.width:(y+1)*g.width], m.Pix[y*m.Stride:], y)
		}
		copy(g.index, g.shown)
	} else {
		area = g.delta(m)
	}
	g.due += g.delay
	delay := int(math.Round(g.due - g.written))
	g.written += float64(delay)
	x, y, dx, dy := area.Min.X, area.Min.Y, area.Dx(), area.Dy()
	g.w.Write([]byte{
		0x21, 0xF9, 4, 1<<2 | 1, byte(delay), byte(delay >> 8), transparent, 0, // keep; one index is transparent
		0x2C, byte(x), byte(x >> 8), byte(y), byte(y >> 8), byte(dx), byte(dx >> 8), byte(dy), byte(dy >> 8), 0,
		8, // bits per index
	})
	g.pack.Reset(&g.blocks, lzw.LSB, 8)
	for ; y < area.Max.Y; y++ {
		if _, err := g.pack.Write(g.index[y*g.width+x : y*g.width+area.Max.X]); err != nil {
			return err
		}
	}
	if err := g.pack.Close(); err != nil {
		return err
	}
	return g.blocks.end()
}

// delta puts into index what changes from shown to m, and returns its bounds: one pixel when nothing does.
func (g *GIF) delta(m *image.RGBA) image.Rectangle {
	area := image.Rectangle{Min: image.Pt(g.width, g.height)}
	for y := range g.height {
		row, old := g.index[y*g.width:(y+1)*g.width], g.shown[y*g.width:(y+1)*g.width]
		g.pal.dither(row, m.Pix[y*m.Stride:], y)
		low, high := -1, -1
		for x, k := range row {
			if k == old[x] {
				row[x] = transparent
				continue
			}
			old[x] = k
			if low < 0 {
				low = x
			}
			high = x
		}
		if low >= 0 {
			area.Min.X, area.Max.X = min(area.Min.X, low), max(area.Max.X, high+1)
			area.Min.Y, area.Max.Y = min(area.Min.Y, y), y+1
		}
	}
	if area.Max.Y == 0 {
		return image.Rect(0, 0, 1, 1)
	}
	return area
}

// blockWriter cuts a stream into the blocks of at most 255 bytes that a GIF consists of.
type blockWriter struct {
	w   *bufio.Writer
	buf [256]byte // length, then data
}

// Write implements io.Writer.
func (b *blockWriter) Write(p []byte) (int, error) {
	for _, c := range p {
		if err := b.WriteByte(c); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// WriteByte implements io.ByteWriter, which spares the compressor a buffer of its own.
func (b *blockWriter) WriteByte(c byte) error {
	b.buf[0]++
	b.buf[b.buf[0]] = c
	if b.buf[0] == 255 {
		return b.flush()
	}
	return nil
}

// Flush implements what lzw asks of a writer; blocks stay open between calls.
func (b *blockWriter) Flush() error { return nil }

func (b *blockWriter) flush() error {
	_, err := b.w.Write(b.buf[:1+int(b.buf[0])])
	b.buf[0] = 0
	return err
}

// end writes the last block and the empty one that ends the data.
func (b *blockWriter) end() error {
	if b.buf[0] > 0 {
		if err := b.flush(); err != nil {
			return err
		}
	}
	return b.w.WriteByte(0)
}
